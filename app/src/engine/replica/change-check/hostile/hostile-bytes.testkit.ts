import * as Automerge from '@automerge/automerge'
import { concat, type Bytes } from '@tonestead/protocol/bytes'
import { deflateRawSync } from 'node:zlib'
import { changeOf, chunkOf, contentOf, partsOf, run, sleb, uleb, withChecksum } from './change-bytes.testkit.ts'
import { honestBytes, lengths, oneOf, parts, type HostileKind, type Random } from './hostile-victim.testkit.ts'

/** Bodies whose bytes are wrong: lengths, chunks, columns, encodings. */
export const hostileBytes: Readonly<Record<string, HostileKind>> = {
  actionRuns: { make: parts((change, random) => change.columns.set(66, run(oneOf(random, lengths), uleb(1)))) },
  nullRuns: {
    make: parts((change, random) =>
      change.columns.set(oneOf(random, [1, 2, 17, 21, 66, 112, 113]), concat(sleb(0), uleb(oneOf(random, lengths)))),
    ),
  },
  literalRuns: {
    make: parts((change, random) =>
      change.columns.set(oneOf(random, [1, 2, 17, 66, 112]), concat(sleb(-BigInt(oneOf(random, lengths))), uleb(1))),
    ),
  },
  insertRuns: { make: parts((change, random) => change.columns.set(52, uleb(oneOf(random, lengths)))) },
  predRuns: {
    make: parts((change, random) => {
      const length = oneOf(random, lengths)
      change.columns.set(112, run(1, uleb(length)))
      change.columns.set(113, run(length, uleb(0)))
      change.columns.set(115, run(length, sleb(1)))
    }),
  },
  keyRuns: {
    // A long key, repeated: 97 kB became 100 MB.
    make: (victim, random) => {
      const ops = 2_000
      const key = new Uint8Array(20_000 + Math.floor(random() * 60_000)).fill(97)
      const change = partsOf(honestBytes(victim, random))
      change.otherActors = []
      change.columns = new Map([
        [21, run(ops, concat(uleb(key.length), key))],
        [52, uleb(ops)],
        [66, run(ops, uleb(1))],
        [86, run(ops, uleb(0))],
        [112, run(ops, uleb(0))],
      ])
      return [changeOf(change)]
    },
  },
  allRuns: {
    // Right in itself, but far too many operations.
    make: parts((change, random) => {
      const ops = oneOf(random, lengths)
      change.otherActors = []
      change.columns = new Map([
        [21, run(ops, concat(uleb(1), Uint8Array.of(97)))],
        [52, uleb(ops)],
        [66, run(ops, uleb(1))],
        [86, run(ops, uleb(0))],
        [112, run(ops, uleb(0))],
      ])
    }),
  },
  valueLengths: {
    make: parts((change, random) => change.columns.set(86, run(4, uleb((BigInt(oneOf(random, lengths)) << 4n) | 6n)))),
  },
  columnLengths: {
    make: (victim, random) => {
      const bytes = honestBytes(victim, random)
      // Somewhere in the table of columns, near the end of the other actors.
      const at = 60 + Math.floor(random() * 60)
      const broken = concat(bytes.subarray(0, at), uleb(oneOf(random, lengths)), bytes.subarray(at + 1))
      return [chunkOf(1, contentOf(broken))]
    },
    mayPass: true,
  },
  counts: {
    make: (victim, random) => {
      const content = contentOf(honestBytes(victim, random))
      return [chunkOf(1, concat(uleb(oneOf(random, lengths)), content.subarray(1)))]
    },
  },
  compressed: { make: (victim, random) => [chunkOf(2, deflateRawSync(contentOf(honestBytes(victim, random))))] },
  compressedZeros: { make: () => [chunkOf(2, deflateRawSync(new Uint8Array(5_000_000)))] },
  compressedColumn: {
    make: parts((change) => {
      const action = deflateRawSync(change.columns.get(66)!)
      change.columns = new Map(
        [...change.columns].map(([id, bytes]) => (id === 66 ? [id | 8, concat(action)] : [id, bytes])),
      )
    }),
  },
  otherChunk: {
    make: (victim, random) => [chunkOf(oneOf(random, [0, 3, 4, 127]), contentOf(honestBytes(victim, random)))],
  },
  wholeDocument: { make: ({ read }) => [Automerge.save(read)] },
  trailingBytes: {
    make: (victim, random) => [concat(honestBytes(victim, random), new Uint8Array(1 + Math.floor(random() * 9)))],
  },
  twoInOne: { make: (victim, random) => [concat(honestBytes(victim, random), honestBytes(victim, random))] },
  extraBytes: { make: parts((change) => (change.rest = Uint8Array.of(1, 2, 3))) },
  unknownColumn: {
    make: parts((change, random) => change.columns.set(oneOf(random, [148, 165, 182, 2_000]), uleb(1))),
  },
  columnOrder: { make: parts((change) => (change.columns = new Map([...change.columns].reverse()))) },
  nothing: { make: () => [] },
  emptyBytes: { make: (_, random) => [new Uint8Array(Math.floor(random() * 12))] },
  garbage: {
    make: (_, random) => [Uint8Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256))],
  },
  wrongChecksum: {
    make: (victim, random) => {
      const bytes = honestBytes(victim, random)
      const at = 4 + Math.floor(random() * 4)
      bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8))
      return [bytes]
    },
  },
  flippedBit: { make: (victim, random) => [flip(honestBytes(victim, random), random)], mayPass: true },
  flippedBitResealed: {
    make: (victim, random) => [withChecksum(flip(honestBytes(victim, random), random))],
    mayPass: true,
  },
  changedByteResealed: {
    make: (victim, random) => {
      const bytes = honestBytes(victim, random)
      const at = 10 + Math.floor(random() * (bytes.length - 10))
      bytes[at] = (bytes[at]! + 1 + Math.floor(random() * 255)) & 255
      return [withChecksum(bytes)]
    },
    mayPass: true,
  },
  truncated: {
    make: (victim, random) => {
      const bytes = honestBytes(victim, random)
      return [bytes.subarray(0, Math.floor(random() * bytes.length))]
    },
  },
  truncatedResealed: {
    make: (victim, random) => {
      const content = contentOf(honestBytes(victim, random))
      return [chunkOf(1, content.subarray(0, Math.floor(random() * content.length)))]
    },
  },
}

const flip = (bytes: Bytes, random: Random): Bytes => {
  const at = Math.floor(random() * bytes.length)
  bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8))
  return bytes
}
