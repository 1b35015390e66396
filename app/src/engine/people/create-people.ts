import type { EntryId } from '@tonestead/crdt/ids'
import { toBase64Url } from '@tonestead/protocol/bytes'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import { derived } from '../derived.ts'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { collectionsIn, playlistRef, rootRef } from '../playlists/playlists-context.ts'
import type { Playlists } from '../playlists/playlists.ts'
import { createPlaylistReader } from '../playlists/read-playlist.ts'
import type { Readable } from '../readable.ts'
import { createAskLeader, type AskLeader } from './ask-leader.ts'
import { writeInvitation, type Invitation } from './invitation-text.ts'
import { parseMembership, peoplePart, type Membership } from './people-messages.ts'
import { fitName, nameIn, ownNameSetting } from './people-names.ts'
import type { People, PeopleFailure, PeopleResult } from './people.ts'
import { sharePlaylist, type SharingDeps } from './share-playlist.ts'

export type PeopleDeps = {
  readonly documents: DocumentService
  readonly playlists: Pick<Playlists, 'tree' | 'removeItems'>
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
  /** Of the page: where invitation links lead. */
  readonly origin: string
  /** The collection of the account. */
  readonly personal: string
}

type Context = PeopleDeps & SharingDeps

const settingsRef: DocumentRef<'settings'> = { address: { kind: 'settings' } }
const dayMs = 86_400_000

/** The people of shared playlists. Rules in SPEC.md. */
export const createPeople = (deps: PeopleDeps): People => {
  const context: Context = { ...deps, ask: createAskLeader(deps.documents) }
  const { documents, playlists, personal, ask } = context
  const collections = derived(playlists.tree, collectionsIn)
  const collectionOf = kept((playlist: EntryId) =>
    derived(collections, (known): string | undefined => {
      const collection = known.get(playlist)
      return collection === personal ? undefined : collection
    }),
  )
  return {
    collectionOf,
    membership: kept((collection: string) =>
      derived(documents.value(peoplePart, collection), (value): Membership | undefined => parseMembership(value)),
    ),
    share: (playlist) => sharePlaylist(context, playlist),
    invite: (place, terms) => invite(context, place, terms),
    withdraw: async (collection, invitation) => resultOf(await ask({ kind: 'withdraw', collection, invitation })),
    changeRole: async (collection, account, role) =>
      resultOf(await ask({ kind: 'change-role', collection, account, role })),
    remove: async (collection, account) => resultOf(await ask({ kind: 'remove', collection, account })),
    leave: (collection, playlist) => leave(context, collection, playlist),
    look: async ({ collection, secret }) =>
      resultOf(await ask({ kind: 'look', collection, secret: toBase64Url(secret) })),
    preview: ({ collection, playlist }) =>
      derived(documents.view(playlistRef(playlist, collection)), createPlaylistReader(playlist)),
    join: (invitation) => join(context, invitation),
    name: derived(documents.view(settingsRef), (view) =>
      view.kind === 'open' ? nameIn(view.document, ownNameSetting) : undefined,
    ),
    setName: (name) => setName(context, name),
  }
}

const kept = <K, T>(make: (key: K) => Readable<T>): ((key: K) => Readable<T>) => {
  const known = new Map<K, Readable<T>>()
  return (key) => {
    const readable = known.get(key) ?? make(key)
    known.set(key, readable)
    return readable
  }
}

type Asked = Awaited<ReturnType<AskLeader>>

const resultOf = (answer: Asked): PeopleResult => (answer.kind === 'begun' ? { kind: 'done' } : answer)

const invite = async (
  { random, clock, origin, ask }: Context,
  ...[{ collection, playlist }, { role, days }]: Parameters<People['invite']>
): ReturnType<People['invite']> => {
  const secret = random.bytes(32)
  const expiresAt = clock.now() + days * dayMs
  const result = resultOf(await ask({ kind: 'invite', collection, secret: toBase64Url(secret), role, expiresAt }))
  if (result.kind !== 'done') return result
  return { kind: 'invited', link: writeInvitation(origin, { collection, playlist, secret }), expiresAt }
}

const leave = async ({ ask, playlists }: Context, collection: string, playlist: EntryId): Promise<PeopleResult> => {
  const result = resultOf(await ask({ kind: 'leave', collection }))
  if (result.kind !== 'done') return result
  const removed = await playlists.removeItems([playlist])
  return removed.kind === 'unavailable' ? removed : result
}

/** [PE5] The item gets the id of the playlist, so that joining twice puts it into the library once. */
const join = async (context: Context, { collection, playlist, secret }: Invitation): Promise<PeopleResult> => {
  const { documents, random, ask } = context
  const result = resultOf(await ask({ kind: 'redeem', collection, secret: toBase64Url(secret) }))
  if (result.kind !== 'done') return result
  const ids = await documents.idsOf(playlistRef(playlist, collection))
  if (ids === undefined) return { kind: 'unavailable', reason: 'not-begun' }
  const items = [{ id: playlist, item: { kind: 'playlist', ...ids } }] as const
  const added = await documents.edit(rootRef, {
    kind: 'addItems',
    id: newIntentId(random),
    items,
    place: { kind: 'end' },
  })
  return failureOf(added) ?? result
}

const failureOf = (edit: Awaited<ReturnType<DocumentService['edit']>>): PeopleFailure | undefined => {
  if (edit.kind === 'refused') return edit
  return edit.kind === 'read-only' ? { kind: 'impossible' } : undefined
}

const setName = async ({ documents, random }: Context, name: string): Promise<PeopleResult> => {
  const fit = fitName(name)
  const id = newIntentId(random)
  const edit = await documents.edit(
    settingsRef,
    fit === ''
      ? { kind: 'resetSettings', id, names: [ownNameSetting] }
      : { kind: 'changeSettings', id, values: { [ownNameSetting]: fit } },
  )
  return failureOf(edit) ?? { kind: 'done' }
}
