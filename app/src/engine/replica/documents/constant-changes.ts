import { decodeChange } from '@automerge/automerge/slim'
import type { Bytes } from '@tonestead/protocol/bytes'
import { decodeScanned } from '../change-check/decode-change.ts'
import type { ChangeRecord } from '../change-check/op-record.ts'

/** [E5] The records of the constant changes that a document begins with. They are ours, so one that cannot be read is a fault. */
export const readConstantChanges = (changes: readonly Bytes[]): readonly ChangeRecord[] =>
  changes.map((bytes) => {
    const decoded = decodeScanned(bytes)
    if (typeof decoded === 'string') throw new Error(`the constant change ${decodeChange(bytes).hash} is ${decoded}`)
    return decoded.change
  })
