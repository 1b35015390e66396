import { concat, uint, utf8, type Bytes } from '../../bytes.ts'
import { maxSnapshotContentBytes } from '../sync-limits.ts'
import { packChanges, unpackChanges } from './changes-codec.ts'
import { createByteReader, readList, readOr, requireThat } from './byte-reader.ts'
import { isSame } from './canonical-json.ts'

// What a snapshot holds before it is compressed and sealed: the changes of every envelope of its document that counts, in the order of the log. It follows
// from the log alone, so that two devices make the same bytes, and whoever has the headers can check every change.

/** Largest name of a document in bytes. */
const maxNameBytes = 256
/** Most envelopes. */
const maxEnvelopes = 2 ** 24

/** A whole document. `envelopes`: the Automerge changes of each. */
export type SnapshotContent = { readonly name: string; readonly envelopes: readonly (readonly Bytes[])[] }

/** The canonical bytes. Throws a FormatError beyond the limits. */
export const writeSnapshotContent = ({ name, envelopes }: SnapshotContent): Bytes => {
  const nameBytes = utf8(name)
  requireThat(nameBytes.length <= maxNameBytes, 'a shorter name')
  requireThat(envelopes.length <= maxEnvelopes, 'fewer envelopes')
  const bytes = concat(
    uint(nameBytes.length, 2),
    nameBytes,
    uint(envelopes.length, 4),
    ...envelopes.flatMap((changes) => {
      const packed = packChanges(changes)
      return [uint(packed.length, 4), packed]
    }),
  )
  requireThat(bytes.length <= maxSnapshotContentBytes, 'a smaller document')
  return bytes
}

/** Reads what `writeSnapshotContent` writes; undefined for anything else. */
export const readSnapshotContent = (bytes: Uint8Array): SnapshotContent | undefined =>
  readOr(() => {
    requireThat(bytes.length <= maxSnapshotContentBytes, 'a smaller document')
    const reader = createByteReader(new Uint8Array(bytes))
    const size = reader.uint(2)
    requireThat(size <= maxNameBytes, 'a shorter name')
    const nameBytes = reader.take(size)
    const name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(nameBytes)
    requireThat(isSame(utf8(name), nameBytes), 'a name in UTF-8')
    const count = reader.uint(4)
    requireThat(count <= maxEnvelopes, 'fewer envelopes')
    const envelopes = readList(count, () => {
      const changes = unpackChanges(reader.take(reader.uint(4)))
      requireThat(changes !== undefined, 'packed changes')
      return changes
    })
    reader.end()
    return { name, envelopes }
  })
