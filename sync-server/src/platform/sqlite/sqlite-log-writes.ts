import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogRules } from '../../ports/log-rules.ts'
import type { GroupChange, Placement } from '../judge-group.ts'
import { kindNumbers, toStored } from '../stored-ids.ts'
import type { Statements } from './sqlite-statements.ts'

type WriteDeps = { readonly rules: LogRules; readonly sql: Statements }

/** Writes what a group changes in one log. `number`: of the collection, undefined for a new one. */
export const writeChange = (
  deps: WriteDeps,
  log: { readonly collection: CollectionId; readonly number: number | undefined; readonly length: number },
  change: GroupChange,
): void => {
  const number = log.number ?? createCollection(deps, log.collection)
  if (change.keeps < log.length) cutLog(deps, number, change.keeps)
  for (const placement of change.placements) writePlacement(deps, number, placement)
  deps.sql.run(
    'UPDATE collections SET length = ?, chain = ? WHERE number = ?',
    change.length,
    toStored(change.chain),
    number,
  )
}

const createCollection = ({ rules, sql }: WriteDeps, collection: CollectionId): number => {
  sql.run(
    'INSERT INTO collections (id, length, chain) VALUES (?, 0, ?)',
    toStored(collection),
    toStored(rules.firstChain(collection)),
  )
  return Number(sql.get('SELECT last_insert_rowid() AS number')?.['number'])
}

const cutLog = ({ sql }: WriteDeps, number: number, keeps: number): void => {
  for (const table of ['items', 'memberships', 'departures', 'parts'])
    sql.run(`DELETE FROM ${table} WHERE collection = ? AND seq > ?`, number, keeps)
}

const storedOrNull = (id: string | undefined) => (id === undefined ? null : toStored(id))

const insertItem = ({ sql }: Pick<WriteDeps, 'sql'>, number: number, { seq, item, chain }: Placement): void => {
  const envelope = item.item.kind === 'envelope' ? item.item.header : undefined
  sql.run(
    'INSERT INTO items (collection, seq, id, chain, kind, device, feed, number, seen_seq, bytes, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    number,
    seq,
    toStored(item.id),
    toStored(chain),
    kindNumbers[item.item.kind],
    storedOrNull(envelope?.device),
    storedOrNull(envelope?.feed),
    envelope?.number ?? null,
    envelope?.seen.seq ?? null,
    item.bytes,
    storedOrNull(envelope?.document),
  )
}

const writePlacement = ({ rules, sql }: WriteDeps, number: number, placement: Placement): void => {
  const { seq, item, state, departed } = placement
  const { item: content } = item
  insertItem({ sql }, number, placement)
  if (state !== undefined)
    sql.run(
      'INSERT INTO memberships (collection, seq, id, state) VALUES (?, ?, ?, ?)',
      number,
      seq,
      toStored(item.id),
      rules.writeState(state),
    )
  for (const device of departed)
    sql.run('INSERT INTO departures (collection, device, seq) VALUES (?, ?, ?)', number, toStored(device), seq)
  for (const part of content.kind === 'snapshot' ? content.header.parts : [])
    sql.run(
      'INSERT INTO parts (collection, hash, seq, size_bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      number,
      part.hash,
      seq,
      part.bytes,
    )
}
