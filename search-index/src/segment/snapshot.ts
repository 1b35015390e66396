// The sections of segments in a snapshot: docs/formats.md, "Search snapshot".
import { readSnapshot, writeSnapshot, type TypedArray } from './snapshot-file.ts'
import { readSegment, segmentSections, type SegmentArrays } from './segment-arrays.ts'

/** The names of a segment's sections begin with the number of the segment and a dot. */
export const writeSegments = (sequence: number, segments: readonly SegmentArrays[]): Uint8Array<ArrayBuffer> => {
  const sections = new Map<string, TypedArray>()
  for (const [number, segment] of segments.entries())
    for (const [name, section] of segmentSections(segment)) sections.set(`${number}.${name}`, section)
  return writeSnapshot({ sequence, sections })
}

export type SegmentsReading =
  | { readonly kind: 'read'; readonly sequence: number; readonly segments: readonly SegmentArrays[] }
  | { readonly kind: 'refused'; readonly reason: 'not-a-snapshot' | 'version-unknown' | 'damaged' }

export const readSegments = (bytes: Uint8Array<ArrayBuffer>): SegmentsReading => {
  const reading = readSnapshot(bytes)
  if (reading.kind === 'refused') return reading
  const { sequence, sections } = reading
  const segments: SegmentArrays[] = []
  for (
    let segment = readSegment(sections, '0.');
    segment !== undefined;
    segment = readSegment(sections, `${segments.length}.`)
  )
    segments.push(segment)
  const read = segments.reduce((sum, segment) => sum + segmentSections(segment).length, 0)
  return read === 0 || read !== sections.size
    ? { kind: 'refused', reason: 'damaged' }
    : { kind: 'read', sequence, segments }
}
