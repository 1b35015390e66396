import { concat, uint, type Bytes } from '../bytes.ts'
import { createRandom } from './sync-fixtures.testkit.ts'

// Bytes that try to break a reader, from real ones. Tests take some; a campaign takes ten thousand.

type Choose = (below: number) => number
type Mutation = (sample: Bytes, choose: Choose, others: readonly Bytes[]) => Bytes

const replaced = (sample: Bytes, at: number, bytes: Uint8Array): Bytes => {
  const altered = sample.slice()
  altered.set(bytes.subarray(0, sample.length - at), at)
  return altered
}

const mutations: readonly Mutation[] = [
  // A bit.
  (sample, choose) => {
    const at = choose(sample.length)
    return replaced(sample, at, Uint8Array.of((sample[at] ?? 0) ^ (1 << choose(8))))
  },
  // A size field that claims much, or a little too much.
  (sample, choose) =>
    replaced(sample, choose(sample.length), uint([0, 1, 2 ** 16, 2 ** 31, 2 ** 32 - 1][choose(5)] ?? 0, 4)),
  (sample, choose) => replaced(sample, choose(Math.min(9, sample.length)), uint(choose(2 * sample.length), 4)),
  // Cut, doubled, or with bytes between.
  (sample, choose) => sample.slice(0, choose(sample.length)),
  (sample, choose) => sample.slice(choose(sample.length)),
  (sample) => concat(sample, sample),
  (sample, choose) => {
    const at = choose(sample.length + 1)
    return concat(sample.subarray(0, at), new Uint8Array(1 + choose(100)).fill(choose(256)), sample.subarray(at))
  },
  // The beginning of one and the end of another.
  (sample, choose, others) => {
    const other = others[choose(others.length)] ?? sample
    const at = choose(Math.min(sample.length, other.length))
    return concat(sample.subarray(0, at), other.subarray(at))
  },
  // Deep or long JSON where text was.
  (sample, choose) => {
    const at = choose(sample.length)
    const filler = new TextEncoder().encode(['[', '{"a":', '\\\\u0000', '9', '"'][choose(5)] ?? '').slice()
    return concat(sample.subarray(0, at), ...Array.from({ length: 2000 }, () => filler), sample.subarray(at))
  },
]

/** `count` altered samples, the same for one seed. Some may by chance equal a sample. */
export function* hostileBytes(samples: readonly Bytes[], seed: string, count: number): Generator<Bytes> {
  const random = createRandom(seed)
  const choose: Choose = (below) => new DataView(random(4).buffer).getUint32(0) % Math.max(1, below)
  for (let index = 0; index < count; index += 1) {
    let bytes = samples[choose(samples.length)] ?? new Uint8Array(0)
    for (let times = 1 + choose(2); times > 0; times -= 1)
      bytes = mutations[choose(mutations.length)]?.(bytes, choose, samples) ?? bytes
    yield bytes
  }
}
