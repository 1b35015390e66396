import '@automerge/automerge'
import { afterEach, describe, expect, test } from 'vitest'
import type { EntryId } from '@tonestead/crdt/ids'
import { trackOf, tracksOf } from '../playlists/playlists.testkit.ts'
import { readInvitation, type Invitation } from './invitation-text.ts'
import type { InvitedRole } from './people.ts'
import { openProfile, startRelay } from './profiles-at-relay.testkit.ts'

const timeout = 20_000
type Profile = Awaited<ReturnType<typeof openProfile>>
const opened: Profile[] = []
afterEach(async () => {
  for (const profile of opened.splice(0)) await profile.stop()
})

/** The titles of a playlist that is shown. */
const titlesIn = ({ playlists }: Profile, id: EntryId): string[] | string => {
  const state = playlists.playlist(id).get()
  return state.kind === 'open' ? state.entries.map(({ item }) => item?.track.title ?? '?') : state.kind
}
const isReadOnly = ({ playlists }: Profile, id: EntryId): boolean | undefined => {
  const state = playlists.playlist(id).get()
  return state.kind === 'open' ? state.isReadOnly : undefined
}
const watch = (profile: Profile, id: EntryId): void => void profile.playlists.playlist(id).subscribe(() => undefined)

/** Anna has a shared playlist with three songs; Ben is a guest. */
const createTwo = async () => {
  const relay = await startRelay()
  const [anna, ben] = [await openProfile(relay, { isGuest: false }), await openProfile(relay, { isGuest: true })]
  opened.push(anna, ben)
  await expect.poll(() => anna.documents.status().get().kind, { timeout }).toBe('synced')
  const created = await anna.playlists.create({ title: 'Friday', tracks: tracksOf(3) })
  if (created.kind !== 'created') throw new Error(created.kind)
  const { id } = created
  watch(anna, id)
  const shared = await anna.people.share(id)
  if (shared.kind !== 'shared') throw new Error(shared.kind)
  const { collection } = shared
  const membership = (profile: Profile) => profile.people.membership(collection).get()
  const invite = async (role: InvitedRole): Promise<Invitation> => {
    const invited = await anna.people.invite({ collection, playlist: id }, { role, days: 7 })
    if (invited.kind !== 'invited') throw new Error(invited.kind)
    return readInvitation(new URL(invited.link).hash)!
  }
  for (const profile of [anna, ben]) profile.people.membership(collection).subscribe(() => undefined)
  return { anna, ben, id, collection, membership, invite }
}

describe('a shared playlist', () => {
  test('[PE2] keeps its id, songs, authors and times, and sharing it again changes nothing', async () => {
    const { anna, id, collection } = await createTwo()
    await expect.poll(() => titlesIn(anna, id), { timeout }).toEqual(['Song 0', 'Song 1', 'Song 2'])
    const state = anna.playlists.playlist(id).get()
    expect(state).toMatchObject({ kind: 'open', title: 'Friday', isReadOnly: false })
    expect(state.kind === 'open' && state.entries.every(({ item }) => item?.by === anna.account)).toBe(true)
    expect(anna.people.collectionOf(id).get()).toBe(collection)
    expect(await anna.people.share(id)).toEqual({ kind: 'shared', collection })
    expect(titlesIn(anna, id)).toEqual(['Song 0', 'Song 1', 'Song 2'])
  })

  test('[PE1] [PE5] a guest looks at it, joins, and both edit it; changes made without a network merge', async () => {
    const { anna, ben, id, membership, invite } = await createTwo()
    const invitation = await invite('editor')
    expect(await ben.people.look(invitation)).toEqual({ kind: 'done' })
    const preview = ben.people.preview(invitation)
    preview.subscribe(() => undefined)
    await expect
      .poll(() => preview.get(), { timeout })
      .toMatchObject({ kind: 'open', title: 'Friday', isReadOnly: true })
    expect(await ben.people.join(invitation)).toEqual({ kind: 'done' })
    watch(ben, id)
    await expect.poll(() => isReadOnly(ben, id), { timeout }).toBe(false)
    await ben.playlists.addTracks(id, [trackOf(10)])
    await expect.poll(() => titlesIn(anna, id), { timeout }).toContain('Song 10')
    ben.setNetwork(false)
    await ben.playlists.addTracks(id, [trackOf(11)])
    await anna.playlists.addTracks(id, [trackOf(12)])
    ben.setNetwork(true)
    for (const profile of [anna, ben])
      await expect
        .poll(() => [...titlesIn(profile, id)].toSorted(), { timeout })
        .toEqual(['Song 0', 'Song 1', 'Song 10', 'Song 11', 'Song 12', 'Song 2'])
    expect(membership(anna)?.members.map(({ account, role }) => [account, role])).toEqual([
      [anna.account, 'owner'],
      [ben.account, 'editor'],
    ])
  })

  test('[PE3] the names of its people are in it, and follow when somebody takes another', async () => {
    const { anna, ben, membership, invite } = await createTwo()
    await ben.people.setName('  Ben ')
    expect(await ben.people.join(await invite('editor'))).toEqual({ kind: 'done' })
    await anna.people.setName('Anna')
    const namesOf = (profile: Profile) => membership(profile)?.members.map(({ name }) => name)
    for (const profile of [anna, ben]) await expect.poll(() => namesOf(profile), { timeout }).toEqual(['Anna', 'Ben'])
    await ben.people.setName('Benedict')
    await expect.poll(() => namesOf(anna), { timeout }).toEqual(['Anna', 'Benedict'])
  })

  test('[PE6] a viewer cannot change it, also after he was an editor, and an editor can after he was a viewer', async () => {
    const { anna, ben, id, collection, invite } = await createTwo()
    expect(await ben.people.join(await invite('viewer'))).toEqual({ kind: 'done' })
    watch(ben, id)
    await expect.poll(() => titlesIn(ben, id), { timeout }).toEqual(['Song 0', 'Song 1', 'Song 2'])
    expect(await ben.playlists.addTracks(id, [trackOf(10)])).toEqual({ kind: 'read-only' })
    expect(await ben.people.changeRole(collection, ben.account, 'owner')).toEqual({ kind: 'impossible' })
    expect(await anna.people.changeRole(collection, ben.account, 'editor')).toEqual({ kind: 'done' })
    await expect.poll(() => isReadOnly(ben, id), { timeout }).toBe(false)
    expect((await ben.playlists.addTracks(id, [trackOf(11)])).kind).toBe('changed')
    await expect.poll(() => titlesIn(anna, id), { timeout }).toContain('Song 11')
    expect(await anna.people.changeRole(collection, ben.account, 'viewer')).toEqual({ kind: 'done' })
    await expect.poll(() => isReadOnly(ben, id), { timeout }).toBe(true)
    expect(titlesIn(anna, id)).not.toContain('Song 10')
  })

  test('[PE6] who was removed gets nothing new and keeps what he had; who leaves takes it out of his library', async () => {
    const { anna, ben, id, collection, membership, invite } = await createTwo()
    await ben.people.join(await invite('editor'))
    watch(ben, id)
    await expect.poll(() => isReadOnly(ben, id), { timeout }).toBe(false)
    expect(await anna.people.remove(collection, ben.account)).toEqual({ kind: 'done' })
    await expect.poll(() => membership(ben)?.you.role ?? 'none', { timeout }).toBe('none')
    await anna.playlists.addTracks(id, [trackOf(20)])
    await expect.poll(() => anna.documents.status(collection).get().kind, { timeout }).toBe('synced')
    expect(titlesIn(ben, id)).toEqual(['Song 0', 'Song 1', 'Song 2'])
    await expect.poll(() => isReadOnly(ben, id), { timeout }).toBe(true)
    expect(await ben.people.join(await invite('editor'))).toEqual({ kind: 'done' })
    await expect.poll(() => titlesIn(ben, id), { timeout }).toContain('Song 20')
    expect(await anna.people.leave(collection, id)).toEqual({ kind: 'impossible' })
    expect(await ben.people.leave(collection, id)).toEqual({ kind: 'done' })
    await expect.poll(() => titlesIn(ben, id), { timeout }).toBe('missing')
  })

  test('[PE4] a link lets one person in, and not after it was withdrawn', async () => {
    const { anna, ben, collection, membership, invite } = await createTwo()
    const used = await invite('editor')
    const withdrawn = await invite('viewer')
    const open = () => membership(anna)?.invitations ?? []
    await expect.poll(() => open().length, { timeout }).toBe(2)
    const viewer = open().find(({ role }) => role === 'viewer')
    expect(await anna.people.withdraw(collection, viewer!.id)).toEqual({ kind: 'done' })
    expect(await ben.people.look(withdrawn)).toEqual({ kind: 'impossible' })
    expect(await ben.people.join(used)).toEqual({ kind: 'done' })
    await expect.poll(() => open(), { timeout }).toEqual([])
  })

  test('[PE2] who may begin nothing at the relay is told so, and without a network nobody is invited', async () => {
    const { anna, ben, id, collection } = await createTwo()
    const own = await ben.playlists.create({ title: 'Mine' })
    expect(own.kind === 'created' && (await ben.people.share(own.id))).toEqual({ kind: 'no-place' })
    anna.setNetwork(false)
    const invited = await anna.people.invite({ collection, playlist: id }, { role: 'viewer', days: 7 })
    expect(invited).toEqual({ kind: 'no-relay' })
  })
})
