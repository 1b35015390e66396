import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import { checkItem } from './check-item.ts'
import {
  agreementKey,
  append,
  chainHash,
  createAccount,
  createShared,
  describe,
  envelope,
  invite,
  membership,
  otherHome,
  put,
  redemption,
  verdictOf,
} from './log-world.testkit.ts'
import type { MemoryLog } from './memory-log.ts'
import { preferRehoming } from './re-homing.ts'
import type { Author } from './rights.ts'

/** Olga and Ada are owners, in this order; Bea is an editor. */
const createOwners = () => {
  const [olga, ada, bea] = [createAccount('olga'), createAccount('ada'), createAccount('bea')]
  const log = createShared(olga)
  const owner = olga.by('olga1')
  for (const who of [ada, bea]) {
    invite(log, owner, who.name)
    put(log, redemption(log, who, keyIdOf(agreementKey(who.name))))
  }
  put(log, membership(log, { kind: 'role', account: ada.account, role: 'owner' }, { by: owner }))
  return { olga, ada, bea, log, owner, second: ada.by('ada1'), editor: bea.by('bea1') }
}

type Kept = { readonly seq: number; readonly generation?: number; readonly id?: string }
const rehoming = (log: MemoryLog, by: Author, { seq, generation = 1, id }: Kept) =>
  membership(
    log,
    { kind: 're-homed', generation, keeps: { seq, chain: log.chainAt(seq) }, home: otherHome },
    { by, base: log.stateAt(seq)?.base, ...(id === undefined ? {} : { id }) },
  )

test('[LH1] an owner re-homes a collection, one generation after the other', () => {
  const { log, owner, second, editor } = createOwners()
  const seq = log.length()
  expect(verdictOf(log, rehoming(log, editor, { seq }))).toBe('no-right')
  expect(verdictOf(log, rehoming(log, createAccount('eve').by('eve1'), { seq }))).toBe('no-right')
  expect(verdictOf(log, rehoming(log, owner, { seq, generation: 2 }))).toBe('operation-wrong')
  expect(verdictOf(log, rehoming(log, owner, { seq, generation: 0 }))).toBe('operation-wrong')
  expect(verdictOf(log, rehoming(log, second, { seq }))).toBe('ok')
  put(log, rehoming(log, owner, { seq }))
  expect(log.now()).toMatchObject({ generation: 1, home: otherHome, isStale: false })
  expect(verdictOf(log, rehoming(log, second, { seq: log.length(), generation: 2 }))).toBe('ok')
})

test('[LH2] a re-homing stands directly behind the place that it keeps, with that chain', () => {
  const { log, owner, editor } = createOwners()
  const item = rehoming(log, owner, { seq: log.length() })
  const keeps = { seq: log.length() + 1, chain: chainHash('ahead') }
  const change = (kept: typeof keeps) => ({
    ...item,
    header: { ...item.header, operation: { ...item.header.operation, keeps: kept } as typeof item.header.operation },
  })
  expect(verdictOf(log, change(keeps))).toBe('seen-ahead')
  expect(verdictOf(log, change({ seq: log.length(), chain: chainHash('off') }))).toBe('seen-off-chain')
  put(log, envelope(log, editor))
  expect(verdictOf(log, item)).toBe('seen-off-chain')
})

test('[LH3] a replica with more cuts its log at the place: what lay behind is given back, what has seen behind it is off the chain', () => {
  const { log, owner, editor } = createOwners()
  const seq = log.length()
  const behind = put(log, envelope(log, editor))
  const item = rehoming(log, owner, { seq })
  put(log, membership(log, { kind: 'epoch', expired: [] }, { by: owner }))
  const built = envelope(log, editor)
  expect(describe(checkItem(log.factsFor(item, seq), item))).toBe('ok')
  expect(log.truncate(seq).map(({ id }) => id)).toContain(behind.id)
  put(log, item)
  expect(verdictOf(log, built)).toBe('seen-ahead')
  put(log, envelope(log, owner))
  expect(verdictOf(log, built)).toBe('seen-off-chain')
  expect(verdictOf(log, behind)).toBe('ok')
})

test('[LH4] of two re-homings of one generation, that of the owner longest in office counts', () => {
  const { log, owner, second } = createOwners()
  const [seq, state] = [log.length(), log.now()!]
  const [first, other] = [rehoming(log, owner, { seq }), rehoming(log, second, { seq })]
  expect(preferRehoming(state, first, other)).toBe(first)
  expect(preferRehoming(state, other, first)).toBe(first)
})

test('[LH4] who became an owner only behind the place where the logs part comes last', () => {
  const { bea, log, owner, second, editor } = createOwners()
  const seq = log.length()
  const older = rehoming(log, second, { seq })
  put(log, membership(log, { kind: 'role', account: bea.account, role: 'owner' }, { by: owner }))
  const newer = rehoming(log, editor, { seq: log.length() })
  expect(preferRehoming(log.stateAt(seq)!, newer, older)).toBe(older)
})

test('[LH4] time in office begins anew for an owner who was demoted', () => {
  const { olga, log, owner, second } = createOwners()
  put(log, membership(log, { kind: 'role', account: olga.account, role: 'editor' }, { by: owner }))
  put(log, membership(log, { kind: 'role', account: olga.account, role: 'owner' }, { by: second }))
  const seq = log.length()
  const [first, other] = [rehoming(log, owner, { seq }), rehoming(log, second, { seq })]
  expect(preferRehoming(log.now()!, first, other)).toBe(other)
})

test('[LH4] of two by one owner, the one that keeps more counts; then the smaller id', () => {
  const { log, owner, editor } = createOwners()
  const seq = log.length()
  const short = rehoming(log, owner, { seq, id: 'a' })
  const twin = rehoming(log, owner, { seq, id: 'b' })
  append(log, envelope(log, editor))
  const long = rehoming(log, owner, { seq: log.length() })
  expect(preferRehoming(log.now()!, short, long)).toBe(long)
  expect(preferRehoming(log.now()!, long, short)).toBe(long)
  const smaller = short.id < twin.id ? short : twin
  expect(preferRehoming(log.now()!, short, twin)).toBe(smaller)
  expect(preferRehoming(log.now()!, twin, short)).toBe(smaller)
})
