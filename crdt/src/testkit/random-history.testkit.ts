import type { Doc } from '@automerge/automerge'
import { expect } from 'vitest'
import type { EntryId } from '../ids.ts'
import type { PlaylistDocument } from '../playlists/playlist-document.ts'
import type { PlaylistIntent } from '../playlists/playlist-intent.ts'
import { deadSlots, shownIds } from '../slots/slot-list.ts'
import type { Place } from '../slots/place.ts'
import { beginDocument, changed, merged } from './automerge.testkit.ts'
import { createDraw, intentId, playlistEntry, trackReference } from './sample-values.testkit.ts'

// Random histories of several replicas of one playlist, beside a model of what must be shown in the end.

/** Which entries a replica must show: of each entry the additions that it knows, and of those the removed ones. */
type Known = { readonly added: Map<string, Set<string>>; readonly removed: Set<string> }
type Replica = { document: Doc<PlaylistDocument>; readonly known: Known }
type RandomHistory = {
  readonly documents: readonly Doc<PlaylistDocument>[]
  /** The ids that must be shown, sorted. */
  readonly expected: readonly string[]
  /** How often each kind of intent was made. */
  readonly counts: ReadonlyMap<string, number>
}

const replicaCount = 4

/** Plays one history for each seed and expects that all replicas show the same, and what the model says. */
export const expectSoundHistories = ({ seeds, length }: { readonly seeds: number; readonly length: number }): void => {
  const counts = new Map<string, number>()
  for (let seed = 1; seed <= seeds; seed += 1) {
    const history = playRandomHistory(seed, length)
    const [first = [], ...others] = history.documents.map((document) => shownIds(document))
    for (const other of others) expect(other, `seed ${seed}`).toEqual(first)
    expect(first.toSorted(), `seed ${seed}`).toEqual(history.expected)
    for (const [kind, count] of history.counts) counts.set(kind, (counts.get(kind) ?? 0) + count)
  }
  // The histories contain what they are meant to try.
  for (const kind of ['addEntries', 'moveEntries', 'removeEntries', 'restoreEntries', 'replaceTracks', 'collectSlots'])
    expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(seeds / 2)
}

/** Makes a history: the same seed gives the same one. At its end every replica has every change. */
const playRandomHistory = (seed: number, length: number): RandomHistory => {
  const draw = createDraw(seed)
  const replicas = Array.from({ length: replicaCount }, (_, index): Replica => ({
    document: beginDocument('playlist', index),
    known: { added: new Map(), removed: new Set() },
  }))
  const counts = new Map<string, number>()
  for (let step = 1; step <= length; step += 1) {
    const replica = replicas[draw(replicaCount)]!
    if (draw(4) === 0) receive(replica, replicas[draw(replicaCount)]!)
    else {
      const intent = randomIntent(replica, { draw, step, seed })
      counts.set(intent.kind, (counts.get(intent.kind) ?? 0) + 1)
      note(replica, intent, step)
      replica.document = changed('playlist', replica.document, intent)
    }
  }
  const order = shuffled(
    replicas.flatMap((to) => replicas.map((from) => ({ to, from }))),
    draw,
  )
  for (const { to, from } of [...order, ...order]) receive(to, from)
  return {
    documents: replicas.map(({ document }) => document),
    expected: present(replicas[0]!.known).toSorted(),
    counts,
  }
}

const shuffled = <T>(items: readonly T[], draw: (below: number) => number): T[] =>
  items
    .map((item) => ({ item, key: draw(2 ** 30) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)

const present = ({ added, removed }: Known): string[] =>
  [...added].filter(([, tags]) => [...tags].some((tag) => !removed.has(tag))).map(([id]) => id)

const receive = (to: Replica, from: Replica): void => {
  if (to === from) return
  to.document = merged(to.document, from.document)
  for (const [id, tags] of from.known.added)
    to.known.added.set(id, new Set([...(to.known.added.get(id) ?? []), ...tags]))
  for (const tag of from.known.removed) to.known.removed.add(tag)
}

/** The model: an entry is there while one of the additions that were seen was not seen by a removal. */
const note = ({ known }: Replica, intent: PlaylistIntent, step: number): void => {
  const here = new Set(present(known))
  const add = (ids: readonly string[]): void => {
    for (const id of ids)
      if (!here.has(id)) known.added.set(id, new Set([...(known.added.get(id) ?? []), `${id} ${step}`]))
  }
  if (intent.kind === 'addEntries') add(intent.entries.map(({ id }) => id))
  if (intent.kind === 'restoreEntries') add(intent.runs.flatMap(({ entries }) => entries.map(({ id }) => id)))
  if (intent.kind === 'removeEntries')
    for (const id of intent.ids) for (const tag of known.added.get(id) ?? []) known.removed.add(tag)
}

type Choice = { readonly draw: (below: number) => number; readonly step: number; readonly seed: number }

const randomIntent = ({ document, known }: Replica, { draw, step, seed }: Choice): PlaylistIntent => {
  const shown = shownIds(document) as EntryId[]
  const id = intentId(seed * 1_000 + step)
  const from = draw(Math.max(1, shown.length))
  const ids = shown.slice(from, from + 1 + draw(4))
  const place = randomPlace(shown, draw)
  const kind = shown.length === 0 ? 0 : draw(8)
  if (kind <= 2) {
    const entries = Array.from({ length: 1 + draw(4) }, (_, index) => playlistEntry(nameOf(step, index)))
    return { kind: 'addEntries', id, entries, place }
  }
  if (kind <= 4) return { kind: 'moveEntries', id, ids, place }
  if (kind === 5) return { kind: 'removeEntries', id, ids }
  if (kind === 6)
    return { kind: 'replaceTracks', id, tracks: ids.map((entry) => ({ id: entry, track: trackReference('n') })) }
  const gone = [...known.added.keys()].filter((entry) => !shown.includes(entry as EntryId))
  if (draw(2) === 0) return { kind: 'collectSlots', id, slots: deadSlots(document) }
  return {
    kind: 'restoreEntries',
    id,
    runs: [{ entries: gone.slice(0, 2).map((entry) => playlistEntry(entry)), place }],
  }
}

const nameOf = (step: number, index: number): string => `${intentId(step * 8 + index).slice(2, 8)}`

const randomPlace = (shown: readonly string[], draw: (below: number) => number): Place => {
  const entry = shown[draw(Math.max(1, shown.length))]
  const kind = draw(4)
  if (kind === 0) return { kind: 'start' }
  return kind === 1 || entry === undefined ? { kind: 'end' } : { kind: 'after', entry }
}
