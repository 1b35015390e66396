import { concat, uint, type Bytes } from '../../bytes.ts'
import { gcmTagBytes, maxBodyBytes, maxChangesPerEnvelope } from '../sync-limits.ts'
import { createByteReader, readList, readOr, requireThat } from './byte-reader.ts'

// The plaintext of an envelope's body: Automerge changes, in order. Number of changes (2), then for each its size (4) and its bytes.

/** Most bytes of the plaintext of a body. */
export const maxPlaintextBytes = maxBodyBytes - gcmTagBytes

/** The plaintext of a body. Throws a FormatError on no change, an empty one, more than 1,024, or more bytes than a body holds. */
export const packChanges = (changes: readonly Uint8Array[]): Bytes => {
  requireThat(changes.length >= 1 && changes.length <= maxChangesPerEnvelope, '1 to 1,024 changes')
  requireThat(
    changes.every(({ length }) => length > 0),
    'no empty change',
  )
  const packed = concat(uint(changes.length, 2), ...changes.flatMap((change) => [uint(change.length, 4), change]))
  requireThat(packed.length <= maxPlaintextBytes, 'fewer bytes of changes')
  return packed
}

/** The changes in a plaintext; undefined for anything but what `packChanges` writes. */
export const unpackChanges = (plaintext: Uint8Array): readonly Bytes[] | undefined =>
  readOr(() => {
    requireThat(plaintext.length <= maxPlaintextBytes, 'fewer bytes of changes')
    const reader = createByteReader(new Uint8Array(plaintext))
    const count = reader.uint(2)
    requireThat(count >= 1 && count <= maxChangesPerEnvelope, '1 to 1,024 changes')
    const changes = readList(count, () => {
      const size = reader.uint(4)
      requireThat(size > 0, 'no empty change')
      return reader.take(size)
    })
    reader.end()
    return changes
  })
