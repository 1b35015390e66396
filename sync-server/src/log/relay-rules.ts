import type { AccountId } from '@tonestead/crdt/ids'
import { withoutBody } from '@tonestead/protocol/sync/codec/item-codec'
import { firstChain, personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import type { LogFacts, MembershipState } from '@tonestead/protocol/sync/log-state'
import { checkItem, namedPlaceOf } from '@tonestead/protocol/sync/log/check-item'
import { foldMembership } from '@tonestead/protocol/sync/log/fold-membership'
import type { RelayKnowledge } from '@tonestead/protocol/sync/log/relay-knowledge'
import { readState, writeState } from '@tonestead/protocol/sync/log/state-codec'
import type { VerifiedItem } from '@tonestead/protocol/sync/log/verified-item'
import { hashOf, labels } from '@tonestead/protocol/sync/sync-hash'
import { parseChainHash, syncIdOfBytes, syncIdToBytes } from '@tonestead/protocol/sync/sync-ids'
import type { LogReads, LogRules, NeededFacts } from '../ports/log-rules.ts'

/** The rules of the protocol, with what this relay knows of the accounts whose logs it has. */
export const relayRules: LogRules = {
  neededFor: (item, now) => neededFor(item, now),
  check: (log, { item, at }) => checkItem(factsOf(log, item), item, knowledgeOf(log, at)),
  fold: foldMembership,
  firstChain,
  // As `nextChain` of the protocol, without waiting: it runs inside a transaction. A test compares them.
  nextChain: (chain, id) =>
    parseChainHash(syncIdOfBytes(hashOf(labels.chain, syncIdToBytes(chain), syncIdToBytes(id)))),
  writeState,
  readState,
  withoutBody,
}

const neededFor = (item: VerifiedItem, now: MembershipState | undefined): NeededFacts => {
  const proved = item.kind === 'membership' ? item.account : undefined
  const accounts = [item.header.account, ...listOf(proved?.account), ...sealedFor(item, now)]
  return {
    seq: namedPlaceOf(item),
    device: item.header.device,
    ids: idsNamedBy(item),
    others: [...new Set(accounts)].map(personalCollectionId),
    elsewhere: proved === undefined ? undefined : { collection: personalCollectionId(proved.account), id: proved.base },
  }
}

/** Items that must be in the log. */
const idsNamedBy = (item: VerifiedItem): NeededFacts['ids'] => {
  if (item.kind === 'envelope') return [...item.header.deps, ...listOf(item.header.prev)]
  if (item.kind === 'snapshot') return item.header.voids
  return item.kind === 'confirmation' ? [item.header.snapshot] : []
}

const listOf = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value])

/** Members to whom an epoch is sealed: their accounts must not be behind. */
const sealedFor = (item: VerifiedItem, now: MembershipState | undefined): readonly AccountId[] =>
  item.kind === 'membership' && 'epoch' in item.header.operation ? [...(now?.members.keys() ?? [])] : []

const factsOf = (log: LogReads, item: VerifiedItem): LogFacts => {
  const place = namedPlaceOf(item)
  const chain = log.chainAt(place)
  return {
    collection: log.collection,
    length: log.length,
    now: log.now,
    named: place > log.length || chain === undefined ? undefined : { state: log.stateAt(place), chain },
    lastOfDevice: log.lastOfDevice(item.header.device),
    isLogged: log.isLogged,
    pendingEnvelope: () => undefined,
  }
}

const knowledgeOf = (log: LogReads, now: number): RelayKnowledge => ({
  now,
  accountLog: (account) => {
    const collection = personalCollectionId(account)
    const state = log.stateOf(collection)
    return state === undefined ? undefined : { state, isLogged: (id) => log.isLoggedIn(collection, id) }
  },
})
