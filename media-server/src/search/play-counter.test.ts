import { parseAccountId, parseTrackId } from '@tonestead/crdt/ids'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { expect, it } from 'vitest'
import { createPlayCounter } from './play-counter.ts'

const day = 86_400_000
const [ann, bob] = ['a', 'b'].map((letter) => parseAccountId(letter.repeat(51) + 'a')) as [
  ReturnType<typeof parseAccountId>,
  ReturnType<typeof parseAccountId>,
]
const [one, two] = ['a', 'b'].map((letter) => parseTrackId(letter.repeat(25) + 'a')) as [
  ReturnType<typeof parseTrackId>,
  ReturnType<typeof parseTrackId>,
]

const openCounter = () => {
  const calls: unknown[] = []
  let now = 20_000 * day
  const count = createPlayCounter({
    plays: {
      count: async (track, on) => void calls.push([track, on]),
      forgetBefore: async (before) => void calls.push(['forget', before]),
    },
    clock: { now: () => parseUnixMs(now), after: () => Promise.resolve() },
  })
  return {
    count,
    calls,
    advance: (ms: number) => {
      now += ms
    },
  }
}

it('counts a track once in half an hour for each account, and deletes old days once a day', async () => {
  const { count, calls, advance } = openCounter()
  await count(ann, one)
  await count(ann, one)
  await count(bob, one)
  await count(ann, two)
  advance(29 * 60_000)
  await count(ann, one)
  advance(2 * 60_000)
  await count(ann, one)
  advance(day)
  await count(bob, one)
  expect(calls).toEqual([
    [one, 20_000],
    ['forget', 19_270],
    [one, 20_000],
    [two, 20_000],
    [one, 20_000],
    [one, 20_001],
    ['forget', 19_271],
  ])
})

it('counts a track on repeat once in half an hour, also at the exact end of the half hour', async () => {
  const { count, calls, advance } = openCounter()
  for (let minute = 0; minute < 90; minute += 1) {
    await count(ann, one)
    advance(60_000)
  }
  expect(calls.filter((line) => Array.isArray(line) && line[0] === one)).toHaveLength(3)
})
