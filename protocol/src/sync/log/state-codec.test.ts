import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import { agreementKey, createAccount, createShared, invite, put, redemption } from './log-world.testkit.ts'
import { readState, writeState } from './state-codec.ts'

const createState = () => {
  const [olga, ada] = [createAccount('olga'), createAccount('ada')]
  const log = createShared(olga)
  for (const name of ['link', 'link 2']) invite(log, olga.by('olga1'), name)
  put(log, redemption(log, ada, keyIdOf(agreementKey('link'))))
  return { personal: olga.log.now()!, shared: log.now()! }
}

test('[LM1] a stored membership is read as it was', () => {
  const { personal, shared } = createState()
  for (const state of [personal, shared]) {
    const read = readState(writeState(state))
    expect(read).toEqual(state)
    expect(writeState(read)).toBe(writeState(state))
  }
})

test('[LM1] a damaged membership is refused', () => {
  const text = writeState(createState().shared)
  const damaged = [
    '',
    '{}',
    'null',
    text.slice(1),
    text.replace('"isStale":false', '"isStale":0'),
    text.replace('"count"', '"c"'),
  ]
  for (const one of damaged) expect(() => readState(one)).toThrow('cannot be read')
  expect(() => readState(text)).not.toThrow()
})
