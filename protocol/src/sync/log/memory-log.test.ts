import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import {
  createAccount,
  createShared,
  agreementKey,
  envelope,
  invite,
  membership,
  put,
  redemption,
  verdictOf,
} from './log-world.testkit.ts'
import { createMemoryLog } from './memory-log.ts'

const createLog = () => {
  const [olga, ada] = [createAccount('olga'), createAccount('ada')]
  const log = createShared(olga)
  const owner = olga.by('olga1')
  put(log, envelope(log, owner))
  invite(log, owner, 'link')
  put(log, envelope(log, owner))
  put(log, redemption(log, ada, keyIdOf(agreementKey('link'))))
  put(log, envelope(log, ada.by('ada1')))
  put(log, membership(log, { kind: 'left' }, { by: ada.by('ada1') }))
  put(log, envelope(log, owner, { seen: log.length() - 1 }))
  return { log, olga, ada, owner }
}

test('[LA3] membership and chain are known at each place', () => {
  const { log } = createLog()
  const sizes = Array.from({ length: log.length() + 1 }, (_, seq) => log.stateAt(seq)?.members.size)
  expect(sizes).toEqual([undefined, 1, 1, 1, 1, 2, 2, 1, 1])
  const stale = Array.from({ length: log.length() + 1 }, (_, seq) => log.stateAt(seq)?.isStale)
  expect(stale).toEqual([undefined, false, false, false, false, false, false, true, true])
  expect(new Set(Array.from({ length: log.length() + 1 }, (_, seq) => log.chainAt(seq))).size).toBe(log.length() + 1)
  expect(() => log.stateAt(log.length() + 1)).toThrow(RangeError)
  expect(() => log.chainAt(-1)).toThrow(RangeError)
  expect(() => log.chainAt(0.5)).toThrow(RangeError)
})

test('[LA1] an item has one place, by which it is found', () => {
  const { log, owner } = createLog()
  const item = put(log, envelope(log, owner, { seen: 6 }))
  expect(log.seqOf(item.id)).toBe(log.length())
  expect(log.entryAt(log.length())!.id).toBe(item.id)
  expect(verdictOf(log, item)).toBe('duplicate')
})

test('[LA4] a log that is restored from its entries, or cut and appended again, is the same log', () => {
  const { log, olga, ada } = createLog()
  const restored = createMemoryLog({ collection: log.collection })
  const entries = Array.from({ length: log.length() }, (_, index) => log.entryAt(index + 1)!)
  for (const entry of entries) restored.restore(entry)
  const describeLog = (one: typeof log) => ({
    now: one.now(),
    chains: Array.from({ length: one.length() + 1 }, (_, seq) => one.chainAt(seq)),
    states: Array.from({ length: one.length() + 1 }, (_, seq) => one.stateAt(seq)),
    last: [olga.by('olga1'), ada.by('ada1')].map(({ device }) => one.lastOfDevice(device)),
  })
  const whole = describeLog(log)
  expect(describeLog(restored)).toEqual(whole)
  for (let seq = log.length(); seq >= 0; seq -= 1) {
    const dropped = restored.truncate(seq)
    expect(restored.length()).toBe(seq)
    expect(restored.now()).toEqual(log.stateAt(seq))
    for (const { id } of dropped) expect(restored.seqOf(id)).toBeUndefined()
    for (const entry of dropped) restored.restore(entry)
    expect(describeLog(restored)).toEqual(whole)
  }
})

test('[LA4] after a cut the log goes on differently: nothing that lay behind has an effect', () => {
  const { log, owner } = createLog()
  const before = log.stateAt(3)
  const last = log.entryAt(2)!.id
  log.truncate(3)
  expect(log.lastOfDevice(owner.device)!.id).toBe(last)
  for (let count = 0; count < 5; count += 1) put(log, envelope(log, owner))
  expect(log.now()).toEqual(before)
  expect(log.lastOfDevice(owner.device)!.id).toBe(log.entryAt(log.length())!.id)
})

test('[LA3] facts can be asked as if the log ended earlier', () => {
  const { log, owner } = createLog()
  const item = envelope(log, owner)
  const facts = log.factsFor(item, 3)
  expect(facts.length).toBe(3)
  expect(facts.now).toEqual(log.stateAt(3))
  expect(facts.named).toBeUndefined()
  expect(facts.lastOfDevice!.id).toBe(log.entryAt(2)!.id)
  expect(facts.isLogged(log.entryAt(3)!.id)).toBe(true)
  expect(facts.isLogged(log.entryAt(4)!.id)).toBe(false)
})
