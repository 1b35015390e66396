import { createSeededRandom } from '../../../app/src/platform/system/seeded-random.ts'
import type { Bytes } from '@tonestead/protocol/bytes'

/** Everything that a seed decides. */
export type SeededChoices = {
  /** From 0 up to 1. */
  readonly roll: () => number
  readonly chance: (probability: number) => boolean
  readonly below: (limit: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  readonly bytes: (length: number) => Bytes
  /** 26 characters, as ids of entries and intents are. */
  readonly id: () => string
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

export const createSeededChoices = (seed: number): SeededChoices => {
  const random = createSeededRandom(seed)
  const roll = (): number => random.below(2 ** 30) / 2 ** 30
  return {
    roll,
    chance: (probability) => roll() < probability,
    below: (limit) => random.below(limit),
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from')
      return list[random.below(list.length)]!
    },
    bytes: (length) => random.bytes(length),
    // The last character holds one bit only.
    id: () => Array.from({ length: 25 }, () => letters[random.below(32)]).join('') + 'a',
  }
}
