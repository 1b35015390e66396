import { concat, uint, type Bytes } from '../../bytes.ts'
import { maxLiveMessageBytes } from '../sync-limits.ts'
import { createByteReader, readOr, requireThat } from './byte-reader.ts'

// What an ephemeral message holds when it is opened: version (1), run (6), number (6), message. Run and number tell a repeated message from a new one.

/** `run`: grows with every start of the replica of a device. `number`: grows with every message of a run, from 1. */
export type LiveContent = { readonly run: number; readonly number: number; readonly message: Bytes }

/** The plaintext of an ephemeral message. Throws a FormatError for an empty message, or one above `maxLiveMessageBytes`. */
export const writeLiveContent = ({ run, number, message }: LiveContent): Bytes => {
  requireThat(message.length >= 1 && message.length <= maxLiveMessageBytes, 'a message within its limits')
  return concat(uint(1, 1), uint(run, 6), uint(number, 6), message)
}

/** Reads a plaintext. Undefined for anything that `writeLiveContent` does not write. */
export const readLiveContent = (bytes: Bytes): LiveContent | undefined =>
  readOr(() => {
    const reader = createByteReader(bytes)
    requireThat(reader.uint(1) === 1, 'version 1')
    const [run, number] = [reader.uint(6), reader.uint(6)]
    const message = reader.take(bytes.length - reader.offset())
    requireThat(message.length >= 1 && message.length <= maxLiveMessageBytes, 'a message within its limits')
    return { run, number, message }
  })
