import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import type { MembershipState } from '../log-state.ts'
import { foldMembership } from './fold-membership.ts'
import { createWorld, history, itemOf, take, writesAt, type Step, type World } from './log-histories.testkit.ts'
import { describe, envelope } from './log-world.testkit.ts'
import { recipientsOf } from './recipients.ts'
import { readState, writeState } from './state-codec.ts'
import type { VerifiedItem, VerifiedMembership } from './verified-item.ts'

/** Plays a history, and asks `inspect` after each step. */
const play = (steps: readonly Step[], inspect: (world: World, item: VerifiedItem, isTaken: boolean) => void): World => {
  const world = createWorld()
  for (const step of steps) {
    const item = itemOf(world, step)
    if (item !== undefined) inspect(world, item, take(world, item))
  }
  return world
}
const forAll = (runs: number, property: (steps: Step[]) => void): void =>
  fc.assert(fc.property(history(40), property), { numRuns: runs })

/** Who may make each operation of a shared collection, as a table. */
const isAllowed = (state: MembershipState, { header }: VerifiedMembership): boolean => {
  const member = state.members.get(header.account)
  const role = member?.devices.has(header.device) === true ? member.role : undefined
  switch (header.operation.kind) {
    case 'redeemed':
      return member === undefined
    case 'account-advanced':
      return true
    case 'left':
      return role !== undefined
    case 'epoch':
      return role === 'editor' || role === 'owner'
    default:
      return role === 'owner'
  }
}

test('[LM5] [LM6] whatever anyone tries, nobody changes the membership without the right, and an owner remains', () => {
  forAll(30, (steps) => {
    play(steps, ({ log }, item, isTaken) => {
      if (!isTaken || item.kind !== 'membership') return
      expect(isAllowed(log.stateAt(log.length() - 1)!, item)).toBe(true)
      expect([...log.now()!.members.values()].some(({ role }) => role === 'owner')).toBe(true)
    })
  })
})

test('[LE3] [LE4] an envelope counts only if its author had the right at every place since the one it has seen', () => {
  forAll(30, (steps) => {
    play(steps, ({ log }, item, isTaken) => {
      if (item.kind !== 'envelope') return
      const { seq } = item.header.seen
      const end = isTaken ? log.length() - 1 : log.length()
      const states = Array.from({ length: end - seq + 1 }, (_, index) => log.stateAt(seq + index))
      const hadIt = states.every((state) => writesAt(state, item.header))
      if (isTaken) expect(hadIt).toBe(true)
      const since = (state: MembershipState | undefined) =>
        state?.members.get(item.header.account)?.devices.get(item.header.device)?.since
      const reason = describe(log.check(item))
      // A device that was removed and added again by one item stands on both sides of it.
      if (hadIt && since(states[0]) === since(states.at(-1))) expect(['no-right', 'right-broken']).not.toContain(reason)
    })
  })
})

test('[LK1] [LE9] while the epoch is stale, nobody who has seen that writes', () => {
  forAll(30, (steps) => {
    play(steps, ({ log, accounts }) => {
      if (!log.now()!.isStale) return
      for (const account of accounts) {
        const verdict = log.check(envelope(log, account.by(`${account.name}1`)))
        expect(verdict.kind).toBe('never')
      }
    })
  })
})

test('[LK1] whoever could read and no longer can has made the epoch stale, or a new one has begun', () => {
  forAll(30, (steps) => {
    play(steps, ({ log }, item, isTaken) => {
      if (!isTaken || item.kind !== 'membership') return
      const [before, after] = [log.stateAt(log.length() - 1)!, log.now()!]
      const readers = (state: MembershipState) => [
        ...[...state.members.values()].flatMap(({ devices }) => [...devices.keys()] as string[]),
        ...(item.header.operation.kind === 'redeemed' ? [] : state.invitations.keys()),
      ]
      const gone = readers(before).filter((reader) => !readers(after).includes(reader))
      if (gone.length > 0) expect(after.isStale || after.epoch !== before.epoch).toBe(true)
    })
  })
})

test('[LK2] after any history the recipients of an epoch are exactly the members and open invitations', () => {
  forAll(30, (steps) => {
    play(steps, ({ log }, item, isTaken) => {
      const { members, invitations } = log.now()!
      const keys = [
        ...[...members.values()].map(({ agreementKey }) => agreementKey),
        ...[...invitations.values()].map(({ key }) => key),
      ]
      expect(recipientsOf(log.now()!).map(({ id }) => id)).toEqual([...new Set(keys.map(keyIdOf))].sort())
      if (isTaken && item.kind === 'membership' && 'epoch' in item.header.operation)
        expect(item.header.operation.epoch.recipients).toEqual([...new Set(keys.map(keyIdOf))].sort())
    })
  })
})

test('[LM1] folding in one go, in steps and from a stored state gives the same membership', () => {
  forAll(30, (steps) => {
    const { log, items } = play(steps, () => undefined)
    let state = log.stateAt(1)
    for (const [index, item] of items.entries()) {
      if (item.kind === 'membership')
        state = foldMembership(index % 2 === 0 ? state : readState(writeState(state!)), item, index + 2)
      expect(state).toEqual(log.stateAt(index + 2))
    }
    expect(writeState(readState(writeState(state!)))).toBe(writeState(state!))
  })
})

test('[LA4] [LE5] [LE6] a log that is cut anywhere accepts again what lay behind', () => {
  forAll(30, (steps) => {
    const world = play(steps, () => undefined)
    const { log, items } = world
    const before = log.now()
    const cut = 1 + Math.floor(items.length / 2)
    log.truncate(cut)
    for (const item of items.slice(cut - 1)) expect(take(world, item)).toBe(true)
    expect(log.now()).toEqual(before)
  })
})

test('random histories contain what the other tests are about', () => {
  const counts = new Map<string, number>()
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
  fc.assert(
    fc.property(history(40), (steps) => {
      play(steps, ({ log }, item, isTaken) => {
        count(
          `${item.kind === 'membership' ? item.header.operation.kind : item.kind} ${isTaken ? 'taken' : describe(log.check(item))}`,
        )
      })
    }),
    { numRuns: 100, seed: 1 },
  )
  const kinds = [
    'invited',
    'redeemed',
    'role',
    'removed',
    'left',
    'epoch',
    'invitation-withdrawn',
    'account-advanced',
    'envelope',
  ]
  for (const kind of kinds) expect([kind, (counts.get(`${kind} taken`) ?? 0) > 2]).toEqual([kind, true])
  for (const reason of ['envelope right-broken', 'envelope epoch-stale', 'left last-owner', 'envelope no-right'])
    expect([reason, (counts.get(reason) ?? 0) > 2]).toEqual([reason, true])
})
