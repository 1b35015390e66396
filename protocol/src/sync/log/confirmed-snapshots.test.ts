import { expect, test } from 'vitest'
import { parseDocumentId } from '../sync-ids.ts'
import { keyIdOf } from '../keys/agreement-key.ts'
import type { MemoryLog } from './memory-log.ts'
import type { VerifiedSnapshot } from './verified-item.ts'
import { findDroppableBodies, isConfirmed } from './confirmed-snapshots.ts'
import {
  agreementKey,
  createAccount,
  createShared,
  confirmation,
  envelope,
  invite,
  itemId,
  membership,
  put,
  redemption,
  snapshot,
  verdictOf,
} from './log-world.testkit.ts'

/** Appends a snapshot. */
const place = (log: MemoryLog, item: VerifiedSnapshot): VerifiedSnapshot => {
  put(log, item)
  return item
}

const createPair = () => {
  const [olga, ada] = [createAccount('olga'), createAccount('ada')]
  const log = createShared(olga)
  const [owner, editor] = [olga.by('olga1'), ada.by('ada1')]
  invite(log, owner, 'link')
  put(log, redemption(log, ada, keyIdOf(agreementKey('link'))))
  return { ada, log, owner, editor }
}

test('[LS3] a confirmation is made once by an editor or owner, of an item in the log', () => {
  const { ada, log, owner, editor } = createPair()
  const made = place(log, snapshot(log, editor))
  const confirmed = confirmation(log, owner, made.id)
  expect(verdictOf(log, confirmation(log, owner, itemId('unknown')))).toBe('dep-missing')
  expect(verdictOf(log, confirmation(log, createAccount('eve').by('eve1'), made.id))).toBe('no-right')
  expect(verdictOf(log, { ...confirmed, header: { ...confirmed.header, collection: ada.log.collection } })).toBe(
    'wrong-collection',
  )
  put(log, confirmed)
  expect(verdictOf(log, confirmed)).toBe('duplicate')
  put(log, membership(log, { kind: 'role', account: ada.account, role: 'viewer' }, { by: owner }))
  expect(verdictOf(log, confirmation(log, editor, made.id))).toBe('no-right')
})

test('[LS4] in a shared collection a snapshot is confirmed by another account, not by its author', () => {
  const { log, owner, editor } = createPair()
  const made = place(log, snapshot(log, editor))
  const state = log.now()!
  const by = (author: typeof owner, id = made.id) => confirmation(log, author, id).header
  expect(isConfirmed(state, made, [])).toBe(false)
  expect(isConfirmed(state, made, [by(editor)])).toBe(false)
  expect(isConfirmed(state, made, [by(owner, itemId('another'))])).toBe(false)
  expect(isConfirmed(state, made, [by(owner)])).toBe(true)
})

test('[LS4] in a personal collection a snapshot is confirmed by every other device that stands', () => {
  const ada = createAccount('ada')
  const { log } = ada
  const alone = place(log, snapshot(log, ada.by('ada1')))
  expect(isConfirmed(log.now()!, alone, [])).toBe(false)
  ada.add('ada2', 'ada1')
  ada.add('ada3', 'ada1')
  const made = place(log, snapshot(log, ada.by('ada1')))
  const by = (name: string) => confirmation(log, ada.by(name), made.id).header
  expect(isConfirmed(log.now()!, made, [by('ada2')])).toBe(false)
  expect(isConfirmed(log.now()!, made, [by('ada2'), by('ada1')])).toBe(false)
  expect(isConfirmed(log.now()!, made, [by('ada2'), by('ada3')])).toBe(true)
})

test('[LS5] bodies go under two confirmed snapshots of their document, up to the older place, but never void ones', () => {
  const { log, owner, editor } = createPair()
  const [first, second] = [parseDocumentId(itemId('p')), parseDocumentId(itemId('q'))]
  const broken = put(log, envelope(log, editor))
  const shots = [1, 2, 3].map((number) => {
    put(log, envelope(log, editor))
    return place(log, snapshot(log, editor, { document: first, voids: number === 2 ? [broken.id] : [] }))
  })
  const other = place(log, snapshot(log, owner, { document: second }))
  const state = log.now()!
  const all = [...shots, other]
  const by = (id: typeof other.id) => confirmation(log, owner, id).header
  const [one, two, three] = shots.map(({ id }) => id)
  expect(findDroppableBodies(state, all, [by(one!)])).toEqual([])
  expect(findDroppableBodies(state, all, [by(one!), by(other.id)])).toEqual([])
  expect(findDroppableBodies(state, all, [by(one!), by(two!)])).toEqual([
    { document: first, upTo: shots[0]!.header.place.seq, keeps: new Set([broken.id]) },
  ])
  expect(findDroppableBodies(state, all, [by(one!), by(two!), by(three!)])).toEqual([
    { document: first, upTo: shots[1]!.header.place.seq, keeps: new Set([broken.id]) },
  ])
  expect(findDroppableBodies(state, shots.slice(1), [by(one!), by(two!)])).toEqual([])
})

test('[LS5] in a personal collection bodies go under one snapshot that every other device has confirmed', () => {
  const ada = createAccount('ada')
  ada.add('ada2', 'ada1')
  const { log } = ada
  const document = parseDocumentId(itemId('p'))
  const made = place(log, snapshot(log, ada.by('ada1'), { document }))
  const confirmed = confirmation(log, ada.by('ada2'), made.id).header
  expect(findDroppableBodies(log.now()!, [made], [])).toEqual([])
  expect(findDroppableBodies(log.now()!, [made], [confirmed])).toEqual([
    { document, upTo: made.header.place.seq, keeps: new Set() },
  ])
})
