import { expect, test } from 'vitest'
import { pairingLifetimeMs } from '@tonestead/protocol/pairing'
import { createPairings } from './pairings.ts'

const createTimed = () => {
  const time = { now: 0 }
  const pairings = createPairings({ now: () => time.now } as Parameters<typeof createPairings>[0])
  return { time, pairings }
}
const boxOf = (number: number, peer = 'a') => ({ id: `box${number}`, offer: `offer${number}`, peer })

test('a mailbox takes one offer and one answer, and the same ones again', () => {
  const { pairings } = createTimed()
  expect(pairings.open(boxOf(1))).toBe('kept')
  expect(pairings.open(boxOf(1))).toBe('kept')
  expect(pairings.open({ ...boxOf(1), offer: 'another' })).toBe('taken')
  expect(pairings.answer('box1', 'yes')).toBe('kept')
  expect(pairings.answer('box1', 'yes')).toBe('kept')
  expect(pairings.answer('box1', 'of somebody else')).toBe('taken')
  expect(pairings.read('box1')).toEqual({ offer: 'offer1', answer: 'yes' })
})

test('a mailbox ends after ten minutes', () => {
  const { time, pairings } = createTimed()
  pairings.open(boxOf(1))
  time.now = pairingLifetimeMs
  expect(pairings.read('box1')).toBeUndefined()
  expect(pairings.answer('box1', 'yes')).toBe('gone')
})

test('one peer cannot fill the store for the others, and all together cannot fill the memory', () => {
  const { time, pairings } = createTimed()
  const outcomes = Array.from({ length: 40 }, (_, number) => pairings.open(boxOf(number)))
  expect(outcomes.filter((outcome) => outcome === 'kept').length).toBe(16)
  expect(pairings.open(boxOf(100, 'b'))).toBe('kept')
  for (let number = 200; number < 2000; number += 1) pairings.open(boxOf(number, `peer${number}`))
  expect(pairings.open(boxOf(3000, 'c'))).toBe('full')
  time.now = pairingLifetimeMs
  expect(pairings.open(boxOf(3000, 'c'))).toBe('kept')
})
