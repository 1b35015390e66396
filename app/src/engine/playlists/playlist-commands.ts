import type { EntryId, IntentId } from '@tonestead/crdt/ids'
import type { PlaylistCover } from '@tonestead/crdt/playlists/packed-playlist'
import type { PlaylistDocument } from '@tonestead/crdt/playlists/playlist-document'
import type { PlaylistIntent } from '@tonestead/crdt/playlists/playlist-intent'
import type { Place } from '@tonestead/crdt/slots/place'
import { entryIdOf } from '@tonestead/crdt/slots/slot-ids'
import { shownIds } from '@tonestead/crdt/slots/slot-list'
import { maxDescriptionUnits, maxTitleUnits } from '@tonestead/crdt/documents/document-limits'
import { fitText, type TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'
import { accountOf, type PlaylistsContext } from './playlists-context.ts'
import type { Changed, Playlists } from './playlists.ts'
import { referenceOfTrack } from '../library/reference-of-track.ts'

type Commands = Pick<Playlists, 'rename' | 'describe' | 'setCover' | 'addTracks' | 'removeEntries' | 'moveEntries'>

/** Changes of one playlist. */
export const createPlaylistCommands = (context: PlaylistsContext): Commands => {
  const { newIntentId, historyOf } = context
  const change = (
    id: EntryId,
    make: (intent: IntentId, document: PlaylistDocument) => PlaylistIntent,
  ): Promise<Changed> => historyOf(id).change((document) => [make(newIntentId(), document)])
  return {
    rename: (id, title) => change(id, (intent) => titleIntent(intent, title)),
    describe: (id, description) => change(id, (intent) => descriptionIntent(intent, description)),
    setCover: (id, cover) => change(id, (intent) => ({ kind: 'setCover', id: intent, ...present('cover', cover) })),
    addTracks: async (id, tracks) => {
      const add = additionOf(context, tracks)
      return add === undefined ? { kind: 'no-server' } : change(id, (intent) => add(intent))
    },
    removeEntries: (id, entries) => change(id, (intent) => ({ kind: 'removeEntries', id: intent, ids: entries })),
    moveEntries: (id, entries, toIndex) =>
      historyOf(id).change((document) => {
        const order = shownIds(document) as EntryId[]
        const chosen = new Set<string>(entries)
        const moved = order.filter((entry) => chosen.has(entry))
        return isThere(order, moved, toIndex)
          ? []
          : [{ kind: 'moveEntries', id: newIntentId(), ids: moved, place: placeAt(order, chosen, toIndex) }]
      }),
  }
}

/** A title within the limits; a blank one removes the title. */
export const titleIntent = (id: IntentId, title: string): PlaylistIntent => ({
  kind: 'setTitle',
  id,
  ...present('title', fitted(title, maxTitleUnits)),
})

const descriptionIntent = (id: IntentId, description: string): PlaylistIntent => ({
  kind: 'setDescription',
  id,
  ...present('description', fitted(description, maxDescriptionUnits)),
})

const fitted = (text: string, maxUnits: number): string | undefined => {
  const fit = fitText(text.trim(), maxUnits)
  return fit === '' ? undefined : fit
}

const present = <K extends string, V extends string | PlaylistCover>(
  key: K,
  value: V | undefined,
): { readonly [P in K]?: V } => (value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V }))

/** The intent that adds tracks to the end; undefined while the account or the server of the tracks is not known. */
export const additionOf = (
  { account, serverId, clock }: PlaylistsContext,
  tracks: readonly Track[],
): ((id: IntentId) => PlaylistIntent) | undefined => {
  const [by, server] = [accountOf(account.get()), serverId.get()]
  if (by === undefined || server === undefined) return undefined
  const addedAt = clock.now()
  // [PY2]
  const references: readonly TrackReference[] = tracks.map((track) => referenceOfTrack(track, server))
  return (id) => ({
    kind: 'addEntries',
    id,
    place: { kind: 'end' },
    entries: references.map((track, index) => ({ id: entryIdOf(id, index), track, by, addedAt })),
  })
}

/** [PY4] After the entry that is before the index when the moved ones are taken out. */
const placeAt = (order: readonly string[], moved: ReadonlySet<string>, toIndex: number): Place => {
  const rest = order.filter((entry) => !moved.has(entry))
  const before = rest[Math.min(toIndex, rest.length) - 1]
  return before === undefined ? { kind: 'start' } : { kind: 'after', entry: before }
}

const isThere = (order: readonly string[], moved: readonly string[], toIndex: number): boolean => {
  const first = Math.max(0, Math.min(toIndex, order.length - moved.length))
  return moved.every((entry, index) => order[first + index] === entry)
}
