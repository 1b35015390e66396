// The file format of an index: docs/formats.md, "Search snapshot".

export type TypedArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array

export type SnapshotContent = {
  /** A whole number from 0. */ readonly sequence: number
  readonly sections: ReadonlyMap<string, TypedArray>
}
export type SnapshotReading =
  | {
      readonly kind: 'read'
      readonly sequence: number
      /** Views of the given bytes. */ readonly sections: Map<string, TypedArray>
    }
  | { readonly kind: 'refused'; readonly reason: 'not-a-snapshot' | 'version-unknown' | 'damaged' }

const magic = 0x49585354 // "TSXI"
const version = 1
const headerBytes = 40
const entryBytes = 32
const nameBytes = 24
const most = { sections: 1_000 }

const types = [Uint8Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array] as const

/** Throws if a name is not 1 to 24 characters of printable ASCII, or the sequence is no whole number: errors in the program. */
export function writeSnapshot({ sequence, sections }: SnapshotContent): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(sequence) || sequence < 0) throw new Error(`Not a sequence number: ${sequence}`)
  if (sections.size > most.sections) throw new Error(`Too many sections: ${sections.size}`)
  const dataAt = headerBytes + sections.size * entryBytes
  const size = [...sections.values()].reduce((end, section) => end + padded(section.byteLength), dataAt)
  const bytes = new Uint8Array(size)
  const words = new Uint32Array(bytes.buffer)
  words.set([magic, version], 0)
  new Float64Array(bytes.buffer, 16, 2).set([sequence, size])
  words.set([sections.size], 8)
  let entry = headerBytes
  let at = dataAt
  for (const [name, section] of sections) {
    writeEntry(bytes, entry, { name, section })
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at)
    entry += entryBytes
    at += padded(section.byteLength)
  }
  words.set(checksum(words), 2)
  return bytes
}

/** Gives views of `bytes`, which must not change while they are used. Bytes that do not begin at a multiple of 8 are copied first. */
export function readSnapshot(bytes: Uint8Array<ArrayBuffer>): SnapshotReading {
  if (bytes.length < headerBytes) return refused('not-a-snapshot')
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  const head = new Uint32Array(aligned.buffer, aligned.byteOffset, headerBytes / 4)
  if (head[0] !== magic) return refused('not-a-snapshot')
  if (head[1] !== version) return refused('version-unknown')
  const sequence = readSequence(aligned)
  const sections = sequence === undefined ? undefined : readSections(aligned, head[8] ?? 0)
  return sequence === undefined || sections === undefined || head[9] !== 0
    ? refused('damaged')
    : { kind: 'read', sequence, sections }
}

/** Undefined if the size or the checksum is wrong. */
function readSequence(bytes: Uint8Array<ArrayBuffer>): number | undefined {
  const [sequence = -1, size] = new Float64Array(bytes.buffer, bytes.byteOffset + 16, 2)
  if (size !== bytes.length || size % 8 !== 0 || !Number.isSafeInteger(sequence) || sequence < 0) return undefined
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, size / 4)
  const [even, odd] = checksum(words)
  return words[2] === even && words[3] === odd ? sequence : undefined
}

const padded = (size: number) => Math.ceil(size / 8) * 8
const refused = (reason: 'not-a-snapshot' | 'version-unknown' | 'damaged'): SnapshotReading => ({
  kind: 'refused',
  reason,
})

type Entry = { readonly name: string; readonly section: TypedArray }

function writeEntry(bytes: Uint8Array<ArrayBuffer>, at: number, { name, section }: Entry): void {
  if (!isName(name)) throw new Error(`Not a name of a section: ${name}`)
  for (let index = 0; index < name.length; index++) bytes[at + index] = name.charCodeAt(index)
  const type = types.findIndex((constructor) => section instanceof constructor)
  if (type < 0) throw new Error(`No array that a section can hold: ${name}`)
  new Uint32Array(bytes.buffer, at + nameBytes, 2).set([type, section.length])
}

const isName = (name: string) => /^[!-~]{1,24}$/.test(name)

/** Undefined if the table does not describe exactly these bytes. */
function readSections(bytes: Uint8Array<ArrayBuffer>, count: number): Map<string, TypedArray> | undefined {
  let at = headerBytes + count * entryBytes
  if (count > most.sections || at > bytes.length) return undefined
  const sections = new Map<string, TypedArray>()
  for (let index = 0; index < count; index++) {
    const entry = headerBytes + index * entryBytes
    const name = readName(bytes, entry)
    const [type = 0, length = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset + entry + nameBytes, 2)
    const constructor = types[type]
    if (constructor === undefined || !isName(name) || sections.has(name)) return undefined
    const end = at + padded(length * constructor.BYTES_PER_ELEMENT)
    if (end > bytes.length) return undefined
    sections.set(name, new constructor(bytes.buffer, bytes.byteOffset + at, length))
    at = end
  }
  return at === bytes.length ? sections : undefined
}

function readName(bytes: Uint8Array, at: number): string {
  const name = String.fromCharCode(...bytes.subarray(at, at + nameBytes))
  return name.replace(/\0+$/, '')
}

/**
 * Two lanes over all 32-bit words except those of the checksum: even words, odd words. Each step is a bijection of the lane for a given word, and of the
 * word for a given lane, so a change within one word is always detected; any other change is missed with a probability of 2⁻³² or less. It detects
 * accidents, not forgery.
 */
function checksum(words: Uint32Array): readonly [even: number, odd: number] {
  let even = step(step(seedEven, words[0] ?? 0), words[1] ?? 0)
  let odd = seedOdd
  for (let at = 4; at < words.length; at += 2) {
    even = step(even, words[at] ?? 0)
    odd = step(odd, words[at + 1] ?? 0)
  }
  return [finish(even), finish(odd)]
}

const seedEven = 0x2545f491
const seedOdd = 0x1b873593

/** Multiply and rotate as in MurmurHash3 (A. Appleby, public domain). */
function step(lane: number, word: number): number {
  const mixed = Math.imul(lane ^ word, 0xcc9e2d51)
  return (mixed << 15) | (mixed >>> 17)
}

function finish(lane: number): number {
  const mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) >>> 0
}
