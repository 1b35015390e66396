import { createCipheriv } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { parseChunkId, parseRecordingId, type RecordingId } from '@tonestead/crdt/ids'
import {
  concat,
  fromBase32,
  fromHex,
  latin1,
  readUint,
  toBase32,
  toHex,
  uint,
  utf8,
  type Bytes,
} from '@tonestead/protocol/bytes'
import type { ChunkRef } from '@tonestead/protocol/manifest'
import type { ContentKey } from '../ports/content-key-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'

// docs/formats.md, "Master": the bytes of the source file, sealed in parts with a key of their own, and a list of the parts.

const masterPartBytes = 4 * 1024 * 1024
const listMagic = 'TSK1'

/** `masterId` identifies the master's own content key. It is not the recording's: listeners get that one, and it must not decrypt the master. */
export type MasterSealing = {
  readonly objects: ObjectStore
  readonly masterId: RecordingId
  readonly contentKey: ContentKey
}
export type MasterList = {
  readonly masterId: RecordingId
  readonly keyVersion: number
  readonly sizeBytes: number
  readonly sha256: string
  readonly parts: readonly ChunkRef[]
}

const paddingBytes = 16
const readBytes = 1024 * 1024
const cipherBytes = 256 * 1024

/**
 * Seals the source file in parts and returns their list. The same file and key give the same parts. All parts share two buffers: with new ones
 * for each part, garbage collection takes longer than the cipher.
 */
export const sealMaster = async (
  sealing: MasterSealing,
  source: { readonly file: FileHandle; readonly sha256: string },
  signal: AbortSignal,
): Promise<MasterList> => {
  const { file, sha256 } = source
  const { version, key } = sealing.contentKey
  const [plain, sealed] = [new Uint8Array(masterPartBytes), new Uint8Array(masterPartBytes + paddingBytes)]
  const parts: ChunkRef[] = []
  for (let position = 0; ;) {
    signal.throwIfAborted()
    const length = await readPart(file, plain, position)
    if (length > 0) {
      const part = sealInto(sealed, {
        key,
        iv: await masterVector(sealing.masterId, version, parts.length),
        plain: plain.subarray(0, length),
      })
      parts.push({ id: await sealing.objects.put(part, signal), sizeBytes: part.length })
    }
    position += length
    if (length < masterPartBytes)
      return { masterId: sealing.masterId, keyVersion: version, sizeBytes: position, sha256, parts }
  }
}

/** Fills `part`, or less at the end of the file. Returns the number of bytes. */
const readPart = async (file: FileHandle, part: Bytes, position: number): Promise<number> => {
  for (let filled = 0; ;) {
    const { bytesRead } = await file.read(part, filled, Math.min(part.length - filled, readBytes), position + filled)
    filled += bytesRead
    if (bytesRead === 0 || filled === part.length) return filled
  }
}

type PartToSeal = { readonly key: Bytes; readonly iv: Bytes; readonly plain: Bytes }

/** AES-128-CBC with PKCS#7 padding, like Web Crypto. Returns the used part of `sealed`. */
const sealInto = (sealed: Bytes, { key, iv, plain }: PartToSeal): Bytes => {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  let length = 0
  const write = (bytes: Uint8Array): void => {
    sealed.set(bytes, length)
    length += bytes.length
  }
  for (let at = 0; at < plain.length; at += cipherBytes) write(cipher.update(plain.subarray(at, at + cipherBytes)))
  write(cipher.final())
  return sealed.subarray(0, length)
}

/** Decrypts one part. The caller must have compared the part's hash with the list. */
export const openMasterPart = async (
  sealing: Omit<MasterSealing, 'objects'>,
  index: number,
  sealed: Bytes,
): Promise<Bytes> => {
  const iv = await masterVector(sealing.masterId, sealing.contentKey.version, index)
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, await importKey(sealing.contentKey), sealed),
  )
}

export const encodeMasterList = (list: MasterList): Bytes =>
  concat(
    latin1(listMagic),
    fromBase32(list.masterId),
    uint(list.keyVersion, 2),
    uint(list.sizeBytes, 8),
    fromHex(list.sha256),
    uint(list.parts.length, 4),
    ...list.parts.map((part) => concat(uint(part.sizeBytes, 4), fromHex(part.id))),
  )

const headerBytes = 66
const refBytes = 36

/** Throws a TypeError or RangeError for anything that is not such a list. */
export const decodeMasterList = (bytes: Uint8Array): MasterList => {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== listMagic) throw new TypeError('not a master list')
  const count = readUint(bytes, 62, 4)
  if (bytes.length !== headerBytes + count * refBytes) throw new RangeError('the length of the master list is wrong')
  const parts = Array.from({ length: count }, (_, index) => {
    const at = headerBytes + index * refBytes
    return { sizeBytes: readUint(bytes, at, 4), id: parseChunkId(toHex(bytes.subarray(at + 4, at + refBytes))) }
  })
  return {
    masterId: parseRecordingId(toBase32(bytes.subarray(4, 20))),
    keyVersion: readUint(bytes, 20, 2),
    sizeBytes: readUint(bytes, 22, 8),
    sha256: toHex(bytes.subarray(30, 62)),
    parts,
  }
}

const importKey = (contentKey: ContentKey): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', contentKey.key, 'AES-CBC', false, ['decrypt'])

const masterVector = async (masterId: RecordingId, keyVersion: number, index: number): Promise<Bytes> => {
  const content = concat(utf8('tonestead/master-iv/v1'), fromBase32(masterId), uint(keyVersion, 2), uint(index, 4))
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content)).slice(0, 16)
}
