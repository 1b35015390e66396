import { randomBytes } from 'node:crypto'
import { parseChunkId } from '@tonestead/crdt/ids'
import { sealSegment } from '@tonestead/protocol/chunk'
import {
  encodeManifestTail,
  segmentCountOf,
  signManifestHead,
  type ChunkRef,
  type ManifestHead,
} from '@tonestead/protocol/manifest'
import { aacRenditions, nominalBitrateOf, type RenditionName } from '@tonestead/protocol/rendition'
import { writeSegment } from '@tonestead/protocol/segment'
import type { Stores } from './platform/sqlite/sqlite-stores.ts'
import type { CatalogStore } from './ports/catalog-store.ts'
import type { InstanceSecrets } from './ports/instance-secrets.ts'
import type { ObjectStore } from './ports/object-store.ts'
import { publicationOf, type Described } from './ports/publication.testkit.ts'

// A recording sealed and signed like a real one, with random bytes instead of encoded frames.

const shape = { encoderDelay: 1024, totalSamples: 48_000 * 8, samplesPerFrame: 1024, framesPerSegment: 150 }
const signal = new AbortController().signal

/** A recording of many hours: its head and tail are real, its chunks do not exist. Returns the publication. */
export const publishLong = async (
  studio: Studio,
  described: Described,
  hours: number,
): Promise<Parameters<CatalogStore['publish']>[0]> => {
  const publication = publicationOf(described)
  const recordingId = publication.recording.id
  const { version } = await studio.stores.contentKeys.currentOrNew(recordingId)
  const long = { ...shape, totalSamples: Math.round(48_000 * 3600 * hours) }
  const count = segmentCountOf(long)
  const random = randomBytes(32 * count)
  const idAt = (index: number) => parseChunkId(random.subarray(32 * index, 32 * index + 32).toString('hex'))
  const chunks = Array.from({ length: count }, (_, index) => ({ id: idAt(index), sizeBytes: 50_000 }))
  const tail = encodeManifestTail({ renditions: aacRenditions.map(() => chunks), frameSizes: [] })
  const aac = await signManifestHead(crypto.subtle, studio.secrets.signing.privateKey, {
    ...long,
    ladder: 'aac',
    recordingId,
    keyVersion: version,
    sampleRateHz: 48_000,
    channels: 2,
    bitsPerSample: 0,
    segmentCount: count,
    largestFrameBytes: 60,
    loudness: publication.recording.loudness,
    tail: { id: await studio.objects.put(tail, signal), sizeBytes: tail.length },
    streamInfo: new Uint8Array(0),
    renditions: aacRenditions.map((name) => ({ name, bitrateBps: nominalBitrateOf(name), first: chunks.slice(0, 2) })),
  })
  const recording = { ...publication.recording, keyVersion: version, durationMs: hours * 3_600_000, heads: { aac } }
  const published = { ...publication, recording }
  await studio.stores.catalog.publish(published, 1_700_000_000_000 as never)
  return published
}

type Studio = {
  readonly stores: Pick<Stores, 'catalog' | 'contentKeys'>
  readonly objects: ObjectStore
  readonly secrets: InstanceSecrets
}

/** Seals and publishes a recording; returns the publication. */
export const publishSynthetic = async (
  studio: Studio,
  described: Described,
): Promise<Parameters<CatalogStore['publish']>[0]> => {
  const publication = publicationOf(described)
  const recordingId = publication.recording.id
  const { version, key } = await studio.stores.contentKeys.currentOrNew(recordingId)
  const contentKey = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt'])
  const count = segmentCountOf(shape)
  const seal = async (rendition: RenditionName, index: number): Promise<ChunkRef> => {
    const frames = Array.from({ length: 150 }, () => randomBytes(60))
    const segment = writeSegment({ index, decodeTime: index * 150 * 1024, samplesPerFrame: 1024, frames })
    const chunk = await sealSegment(crypto.subtle, contentKey, {
      address: { recordingId, keyVersion: version, rendition, index },
      segment,
    })
    return { id: await studio.objects.put(chunk, signal), sizeBytes: chunk.length }
  }
  const renditions = await Promise.all(
    aacRenditions.map((name) => Promise.all(Array.from({ length: count }, (_, index) => seal(name, index)))),
  )
  const tail = encodeManifestTail({ renditions, frameSizes: [] })
  const head: ManifestHead = {
    ladder: 'aac',
    recordingId,
    keyVersion: version,
    sampleRateHz: 48_000,
    channels: 2,
    bitsPerSample: 0,
    ...shape,
    segmentCount: count,
    largestFrameBytes: 60,
    loudness: publication.recording.loudness,
    tail: { id: await studio.objects.put(tail, signal), sizeBytes: tail.length },
    streamInfo: new Uint8Array(0),
    renditions: aacRenditions.map((name, place) => ({
      name,
      bitrateBps: nominalBitrateOf(name),
      first: (renditions[place] ?? []).slice(0, 2),
    })),
  }
  const aac = await signManifestHead(crypto.subtle, studio.secrets.signing.privateKey, head)
  const published = {
    ...publication,
    recording: { ...publication.recording, keyVersion: version, durationMs: 8000, heads: { aac } },
  }
  await studio.stores.catalog.publish(published, 1_700_000_000_000 as never)
  return published
}
