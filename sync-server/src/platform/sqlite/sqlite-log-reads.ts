import type { DeviceRecord, MembershipState } from '@tonestead/protocol/sync/log-state'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogReads, LogRules } from '../../ports/log-rules.ts'
import type { SeqOf } from '../judge-group.ts'
import type { StateCache } from '../state-cache.ts'
import { chainHashOf, feedIdOf, itemIdOf, toStored } from '../stored-ids.ts'
import { blob, type Row, type Statements } from './sqlite-statements.ts'

export type SqliteLog = LogReads & { readonly seqOf: SeqOf; readonly number: number | undefined }

type ReadDeps = { readonly rules: LogRules; readonly sql: Statements; readonly states: StateCache }

/** Looks one log up as it is now. Inside the write transaction nobody else changes it. */
export const readLog = (deps: ReadDeps, collection: CollectionId): SqliteLog => {
  const { rules, sql } = deps
  const found = sql.get('SELECT number, length, chain FROM collections WHERE id = ?', toStored(collection))
  const number = found === undefined ? undefined : Number(found['number'])
  const at = number ?? -1
  const length = Number(found?.['length'] ?? 0)
  const seqOf: SeqOf = (id) => {
    const row = sql.get('SELECT seq FROM items WHERE collection = ? AND id = ?', at, toStored(id))
    return row === undefined ? undefined : Number(row['seq'])
  }
  return {
    collection,
    number,
    length,
    chain: found === undefined ? rules.firstChain(collection) : chainHashOf(blob(found, 'chain')),
    now: stateAt(deps, at, length),
    chainAt: (seq) => {
      if (seq === 0) return rules.firstChain(collection)
      const row = sql.get('SELECT chain FROM items WHERE collection = ? AND seq = ?', at, seq)
      return row === undefined ? undefined : chainHashOf(blob(row, 'chain'))
    },
    stateAt: (seq) => stateAt(deps, at, seq),
    lastOfDevice: (device) => {
      const row = sql.get(
        'SELECT feed, number, id, seen_seq FROM items WHERE collection = ? AND device = ? ORDER BY seq DESC LIMIT 1',
        at,
        toStored(device),
      )
      return row === undefined ? undefined : { device, ...deviceRecordOf(row) }
    },
    isLogged: (id) => seqOf(id) !== undefined,
    seqOf,
    isLoggedIn: (other, id) =>
      sql.get(
        'SELECT 1 FROM items JOIN collections ON collections.number = items.collection WHERE collections.id = ? AND items.id = ?',
        toStored(other),
        toStored(id),
      ) !== undefined,
    stateOf: (other) => newestState(deps, other),
  }
}

/** The membership of a collection after its last item. */
const newestState = (deps: ReadDeps, collection: CollectionId): MembershipState | undefined => {
  const row = deps.sql.get('SELECT number FROM collections WHERE id = ?', toStored(collection))
  return row === undefined ? undefined : stateAt(deps, Number(row['number']), Number.MAX_SAFE_INTEGER)
}

const stateAt = ({ sql, states }: ReadDeps, number: number, seq: number): MembershipState | undefined => {
  const row = sql.get(
    'SELECT seq, id FROM memberships WHERE collection = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
    number,
    seq,
  )
  if (row === undefined) return undefined
  return states.get(itemIdOf(blob(row, 'id')), () =>
    String(
      sql.get('SELECT state FROM memberships WHERE collection = ? AND seq = ?', number, Number(row['seq']))?.['state'],
    ),
  )
}

const deviceRecordOf = (row: Row): Omit<DeviceRecord, 'device'> => ({
  feed: feedIdOf(blob(row, 'feed')),
  number: Number(row['number']),
  id: itemIdOf(blob(row, 'id')),
  seenSeq: Number(row['seen_seq']),
})
