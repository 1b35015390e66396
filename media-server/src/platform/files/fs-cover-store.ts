import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import type { CoverFile, CoverState, CoverStore } from '../../ports/cover-store.ts'
import { readFileIfThere, writeFileAtomically } from './fs-atomic-file.ts'

/** <folder>/ab/<64 hex>/<size>.<format>, and beside it <size>.<format>.sha256 with the hash of these bytes in hex. */
export const createFsCoverStore = (folder: string): CoverStore => {
  const pathOf = (file: CoverFile): string => join(folder, file.id.slice(0, 2), file.id, `${file.size}.${file.format}`)
  const read = async (file: CoverFile) => {
    const [bytes, hash] = await Promise.all([readFileIfThere(pathOf(file)), readFileIfThere(hashPathOf(pathOf(file)))])
    return { bytes, state: stateOf(bytes, hash) }
  }
  return {
    put: async (file, bytes) => {
      const { bytes: existing, state } = await read(file)
      const isThere = existing !== undefined && Buffer.compare(existing, bytes) === 0
      if (isThere && state === 'sound') return
      // The hash first: a kill in between leaves a picture that is missing or counts as damaged, and is made again.
      await writeFileAtomically(hashPathOf(pathOf(file)), utf8(sha256(bytes)))
      if (!isThere) await writeFileAtomically(pathOf(file), bytes)
    },
    get: async (file) => {
      const { bytes, state } = await read(file)
      return state === 'damaged' ? undefined : bytes
    },
    check: async (file) => (await read(file)).state,
  }
}

const hashPathOf = (path: string): string => `${path}.sha256`
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const stateOf = (bytes: Bytes | undefined, hash: Bytes | undefined): CoverState => {
  if (bytes === undefined) return 'missing'
  if (hash === undefined) return 'unmarked'
  return sha256(bytes) === new TextDecoder().decode(hash) ? 'sound' : 'damaged'
}
