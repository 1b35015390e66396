import type { PoolClient } from 'pg'
import type { DeviceRecord, MembershipState } from '@tonestead/protocol/sync/log-state'
import type { ChainHash, CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { LogReads, LogRules, SignedItem } from '../../ports/log-rules.ts'
import type { CollectionGroup } from '../group-by-collection.ts'
import type { SeqOf } from '../judge-group.ts'
import type { StateCache } from '../state-cache.ts'
import { chainHashOf, deviceIdOf, feedIdOf, itemIdOf, toStored } from '../stored-ids.ts'

// A group of appends reads all facts of all its logs in a few queries, before the rules look at the first item.

export type LockedLog = {
  readonly collection: CollectionId
  readonly number: number
  readonly length: number
  readonly chain: ChainHash
}
export type PostgresLog = LogReads & { readonly seqOf: SeqOf }
export type PostgresDeps = { readonly rules: LogRules; readonly states: StateCache }

/** Far behind the end of every log. */
const beyondEnd = Number.MAX_SAFE_INTEGER

/** Reads what the rules need of the locked logs for these items. */
export const readLogs = async (
  deps: PostgresDeps,
  client: PoolClient,
  logs: readonly { readonly log: LockedLog; readonly group: CollectionGroup }[],
): Promise<readonly PostgresLog[]> => {
  const nows = await readStates(
    deps,
    client,
    logs.map(({ log }) => ({ number: log.number, seq: log.length })),
  )
  const wanted = logs.map(({ log, group }) =>
    wantedOf(deps.rules, { log, now: nows.get(placeKey(log.number, log.length)) }, group.items),
  )
  const others = await numbersOf(client, [...new Set(wanted.flatMap(({ others: found }) => found))])
  const places = wanted.flatMap(({ log, seqs }) => seqs.map((seq) => ({ number: log.number, seq })))
  const ends = [...others.values()].map((number) => ({ number, seq: beyondEnd }))
  const chains = await readChains(client, places)
  const states = await readStates(deps, client, [...places, ...ends])
  const devices = await readDevices(client, wanted)
  const seqs = await readSeqs(client, wanted, others)
  return wanted.map(({ log }) => ({
    collection: log.collection,
    length: log.length,
    chain: log.chain,
    now: nows.get(placeKey(log.number, log.length)),
    chainAt: (seq) => (seq === 0 ? deps.rules.firstChain(log.collection) : chains.get(placeKey(log.number, seq))),
    stateAt: (seq) => states.get(placeKey(log.number, seq)) ?? nows.get(placeKey(log.number, seq)),
    lastOfDevice: (device) => devices.get(`${log.number} ${device}`),
    isLogged: (id) => seqs.has(`${log.number} ${id}`),
    isLoggedIn: (other, id) => seqs.has(`${others.get(other)} ${id}`),
    seqOf: (id) => seqs.get(`${log.number} ${id}`),
    stateOf: (other) => states.get(placeKey(others.get(other) ?? -1, beyondEnd)),
  }))
}

const placeKey = (number: number, seq: number): string => `${number} ${seq}`

const wantedOf = (
  rules: LogRules,
  { log, now }: { readonly log: LockedLog; readonly now: MembershipState | undefined },
  items: readonly SignedItem[],
) => {
  const needed = items.map(({ item }) => rules.neededFor(item, now))
  return {
    log,
    // No place behind the end: there is nothing to read.
    seqs: [...new Set([...needed.flatMap(({ seq }) => (seq === undefined || seq > log.length ? [] : [seq]))])],
    devices: [...new Set(needed.map(({ device }) => device))],
    ids: [...new Set([...needed.flatMap(({ ids }) => ids), ...items.map(({ id }) => id)])],
    elsewhere: needed.flatMap(({ elsewhere }) => elsewhere ?? []),
    others: needed.flatMap(({ others, elsewhere }) => [
      ...others,
      ...(elsewhere === undefined ? [] : [elsewhere.collection]),
    ]),
  }
}
type Wanted = ReturnType<typeof wantedOf>

const numbersOf = async (
  client: PoolClient,
  collections: readonly CollectionId[],
): Promise<ReadonlyMap<CollectionId, number>> => {
  if (collections.length === 0) return new Map()
  const { rows } = await client.query<{ at: number; number: string }>(
    'SELECT n.at, c.number FROM unnest($1::bytea[], $2::int[]) AS n(id, at) JOIN collections c ON c.id = n.id',
    [collections.map((id) => Buffer.from(toStored(id))), collections.map((_, index) => index)],
  )
  return new Map(
    rows.flatMap(({ at, number }) => {
      const collection = collections[at]
      return collection === undefined ? [] : [[collection, Number(number)] as const]
    }),
  )
}

type Place = { readonly number: number; readonly seq: number }
const asColumns = (places: readonly Place[]) => [places.map(({ number }) => number), places.map(({ seq }) => seq)]

const readChains = async (client: PoolClient, places: readonly Place[]): Promise<ReadonlyMap<string, ChainHash>> => {
  const { rows } = await client.query<{ collection: string; seq: string; chain: Buffer }>(
    'SELECT i.collection, i.seq, i.chain FROM unnest($1::bigint[], $2::bigint[]) AS n(number, seq) JOIN items i ON i.collection = n.number AND i.seq = n.seq',
    asColumns(places),
  )
  return new Map(rows.map((row) => [placeKey(Number(row.collection), Number(row.seq)), chainHashOf(row.chain)]))
}

/** The memberships at places, by place. Texts are fetched only of those that are not in the cache. */
export const readStates = async (
  { states }: PostgresDeps,
  client: PoolClient,
  places: readonly Place[],
): Promise<ReadonlyMap<string, MembershipState>> => {
  const { rows } = await client.query<{ number: string; at: string; seq: string; id: Buffer }>(
    `SELECT n.number, n.seq AS at, m.seq, m.id FROM unnest($1::bigint[], $2::bigint[]) AS n(number, seq)
      CROSS JOIN LATERAL (SELECT seq, id FROM memberships WHERE collection = n.number AND memberships.seq <= n.seq ORDER BY memberships.seq DESC LIMIT 1) m`,
    asColumns(places),
  )
  const found = rows.map((row) => ({ ...row, id: itemIdOf(row.id) }))
  const missing = found.filter(({ id }) => !states.has(id))
  const texts = missing.length === 0 ? new Map<string, string>() : await readTexts(client, missing)
  return new Map(
    found.map(({ number, at, seq, id }) => [
      placeKey(Number(number), Number(at)),
      states.get(id, () => {
        const text = texts.get(placeKey(Number(number), Number(seq)))
        if (text === undefined) throw new Error('a membership vanished while its log was locked')
        return text
      }),
    ]),
  )
}

const readTexts = async (
  client: PoolClient,
  rows: readonly { readonly number: string; readonly seq: string }[],
): Promise<ReadonlyMap<string, string>> => {
  const found = await client.query<{ collection: string; seq: string; state: string }>(
    'SELECT m.collection, m.seq, m.state FROM unnest($1::bigint[], $2::bigint[]) AS n(number, seq) JOIN memberships m ON m.collection = n.number AND m.seq = n.seq',
    [rows.map(({ number }) => number), rows.map(({ seq }) => seq)],
  )
  return new Map(found.rows.map((row) => [placeKey(Number(row.collection), Number(row.seq)), row.state]))
}

const readDevices = async (
  client: PoolClient,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, DeviceRecord>> => {
  const pairs = wanted.flatMap(({ log, devices }) => devices.map((device) => ({ number: log.number, device })))
  const { rows } = await client.query<{
    collection: string
    device: Buffer
    feed: Buffer
    number: string
    id: Buffer
    seen_seq: string
  }>(
    `SELECT l.* FROM unnest($1::bigint[], $2::bytea[]) AS n(number, device) CROSS JOIN LATERAL (
      SELECT collection, device, feed, number, id, seen_seq FROM items WHERE collection = n.number AND device = n.device ORDER BY seq DESC LIMIT 1) l`,
    [pairs.map(({ number }) => number), pairs.map(({ device }) => Buffer.from(toStored(device)))],
  )
  return new Map(
    rows.map((row) => [
      `${row.collection} ${deviceIdOf(row.device)}`,
      {
        device: deviceIdOf(row.device),
        feed: feedIdOf(row.feed),
        number: Number(row.number),
        id: itemIdOf(row.id),
        seenSeq: Number(row.seen_seq),
      },
    ]),
  )
}

const readSeqs = async (
  client: PoolClient,
  wanted: readonly Wanted[],
  others: ReadonlyMap<CollectionId, number>,
): Promise<ReadonlyMap<string, number>> => {
  const own = wanted.flatMap(({ log, ids }) => ids.map((id: ItemId) => ({ number: log.number, id })))
  const elsewhere = wanted.flatMap((each) => each.elsewhere)
  const pairs = [...own, ...elsewhere.map(({ collection, id }) => ({ number: others.get(collection) ?? -1, id }))]
  const { rows } = await client.query<{ collection: string; id: Buffer; seq: string }>(
    'SELECT i.collection, i.id, i.seq FROM unnest($1::bigint[], $2::bytea[]) AS n(number, id) JOIN items i ON i.collection = n.number AND i.id = n.id',
    [pairs.map(({ number }) => number), pairs.map(({ id }) => Buffer.from(toStored(id)))],
  )
  return new Map(rows.map((row) => [`${row.collection} ${itemIdOf(row.id)}`, Number(row.seq)]))
}
