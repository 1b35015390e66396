import { describe, expect, test } from 'vitest'
import { maxPlaylistEntries } from '@tonestead/crdt/documents/document-limits'
import type { DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { Intents } from '@tonestead/crdt/documents/documents'
import { createUnavailableDocuments } from '../documents/unavailable-documents.ts'
import { createPlaylists } from './create-playlists.ts'
import type { Changed } from './playlists.ts'
import * as kit from './playlists.testkit.ts'

const undoOf = (changed: Changed) => {
  if (changed.kind !== 'changed') throw new Error(changed.kind)
  return changed.undo
}

describe('playlists', () => {
  test('[PY1] [PY3] a playlist is created with its tracks, the document before its item', async () => {
    const { playlists, documents } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(2))
    expect(kit.openOf(playlists, id)).toMatchObject({
      title: 'Friday',
      description: '',
      cover: undefined,
      durationMs: 400_001,
    })
    expect(kit.songsOf(playlists, id)).toBe('0 1')
    expect(playlists.tree.get()).toMatchObject({ kind: 'open', nodes: [{ kind: 'playlist', id }] })
    expect(documents.edits.map(({ name }) => name)).toEqual([`/playlist/${id}`, `/playlist/${id}`, '/root'])
  })
  test('[PY2] an entry remembers server, track, ISRC, account and instant', async () => {
    const { playlists, clock } = kit.createTestPlaylists()
    const id = await kit.created(playlists, [kit.trackOf(1, { isrc: 'gb-abc-12-00001' })])
    expect(kit.openOf(playlists, id).entries[0]!.item).toEqual({
      by: 'b'.repeat(52),
      addedAt: clock.now(),
      track: {
        serverId: kit.aServer,
        trackId: kit.trackOf(1).id,
        recordingId: kit.trackOf(1).recordingId,
        title: 'Song 1',
        credits: [{ name: 'Anna', join: '' }],
        release: { id: kit.trackOf(1).release.id, title: 'Release' },
        durationMs: 200_001,
        isrc: 'GBABC1200001',
      },
    })
  })
  test('[PY3] a deleted playlist is missing, and undo brings it back with its entries', async () => {
    const { playlists } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(2))
    const undo = undoOf(await playlists.removeItems([id]))
    expect(playlists.playlist(id).get().kind).toBe('missing')
    expect(await undo()).toEqual({ kind: 'undone' })
    expect(kit.songsOf(playlists, id)).toBe('0 1')
  })
  test('a title is trimmed, cut and removed; a playlist without one has a name', async () => {
    const { playlists } = kit.createTestPlaylists()
    const id = await kit.created(playlists, [], '  ')
    const title = () => kit.openOf(playlists, id).title
    expect(title()).toBe('Untitled playlist')
    await playlists.rename(id, ` ${'x'.repeat(400)}`)
    expect(title()).toBe('x'.repeat(300))
    await playlists.rename(id, '')
    expect(title()).toBe('Untitled playlist')
  })
  test('[PY4] moved entries become neighbours at the wanted index', async () => {
    const { playlists } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(5))
    const [a, , c, , e] = kit.idsOf(playlists, id)
    await playlists.moveEntries(id, [e!, a!], 1)
    expect(kit.songsOf(playlists, id)).toBe('1 0 4 2 3')
    await playlists.moveEntries(id, [c!], 99)
    expect(kit.songsOf(playlists, id)).toBe('1 0 4 3 2')
    await playlists.moveEntries(id, [c!], 0)
    expect(kit.songsOf(playlists, id)).toBe('2 1 0 4 3')
    expect(await playlists.moveEntries(id, [c!], 0)).toEqual({ kind: 'unchanged' })
  })
  test('[PY9] adding one entry publishes one state and keeps the other entries', async () => {
    const { playlists } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(500))
    const before = kit.openOf(playlists, id)
    let states = 0
    playlists.playlist(id).subscribe(() => (states += 1))
    await playlists.addTracks(id, [kit.trackOf(600)])
    const after = kit.openOf(playlists, id)
    expect(states).toBe(1)
    expect(after.entries).toHaveLength(501)
    expect(before.entries.every((entry, index) => after.entries[index] === entry)).toBe(true)
  })
  test('[PY10] a playlist that would be too long is not changed at all', async () => {
    const { playlists, documents } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(maxPlaylistEntries - 1))
    const edits = documents.edits.length
    expect(await playlists.addTracks(id, kit.tracksOf(1_500))).toEqual({ kind: 'refused', reason: 'document-full' })
    expect(documents.edits).toHaveLength(edits)
    expect((await playlists.addTracks(id, kit.tracksOf(1))).kind).toBe('changed')
  })
  test('[PY10] without documents nothing is created, and the reason is told', async () => {
    const { playlists } = kit.createTestPlaylists()
    const { serverId } = kit.createTestPlaylists()
    serverId.set(undefined)
    expect((await playlists.create({ title: 'x' })).kind).toBe('created')
    const without = createPlaylists({
      ...(undefined as unknown as Parameters<typeof createPlaylists>[0]),
      documents: createUnavailableDocuments('not-begun'),
      account: { get: () => ({ kind: 'starting' }), subscribe: () => () => undefined },
      serverId,
      random: { bytes: (length) => new Uint8Array(length), below: () => 0 },
    })
    expect(await without.create({ title: 'x' })).toEqual({ kind: 'unavailable', reason: 'not-begun' })
    expect(without.tree.get()).toEqual({ kind: 'unavailable', reason: 'not-begun' })
    expect(await without.create({ title: 'x', tracks: kit.tracksOf(1) })).toEqual({ kind: 'no-server' })
  })
})

describe('folders', () => {
  const folderOf = async (...[playlists, name, folder]: Parameters<typeof make>) => make(playlists, name, folder)
  const make = async (
    playlists: ReturnType<typeof kit.createTestPlaylists>['playlists'],
    name: string,
    folder?: Awaited<ReturnType<typeof kit.created>>,
  ) => {
    const result = await playlists.createFolder(name, folder)
    if (result.kind !== 'created') throw new Error(result.kind)
    return result.id
  }
  test('[PY6] folders are nested, renamed and removed; what is in a removed one goes to where it was', async () => {
    const { playlists } = kit.createTestPlaylists()
    const outer = await folderOf(playlists, 'outer')
    const inner = await folderOf(playlists, 'inner', outer)
    const id = await kit.created(playlists)
    await playlists.moveItems([id], { folder: inner })
    expect(kit.drawn(playlists)).toBe('outer(inner(p))')
    await playlists.renameFolder(inner, ' Folk ')
    expect(kit.drawn(playlists)).toBe('outer(Folk(p))')
    const undo = undoOf(await playlists.removeItems([inner]))
    expect(kit.drawn(playlists)).toBe('outer(p)')
    await undo()
    expect(kit.drawn(playlists)).toBe('outer(Folk(p))')
    await playlists.removeItems([outer, inner])
    expect(kit.drawn(playlists)).toBe('p')
  })
  test('[PY6] a folder does not go into itself or into a folder inside it', async () => {
    const { playlists } = kit.createTestPlaylists()
    const outer = await folderOf(playlists, 'outer')
    const inner = await folderOf(playlists, 'inner', outer)
    expect(await playlists.moveItems([outer], { folder: inner })).toEqual({ kind: 'unchanged' })
    expect(await playlists.moveItems([outer], { folder: outer })).toEqual({ kind: 'unchanged' })
    expect((await playlists.moveItems([inner], {})).kind).toBe('changed')
    expect(kit.drawn(playlists)).toBe('outer() inner()')
  })
})

describe('tracks', () => {
  const withEntries = async (catalog: readonly ReturnType<typeof kit.trackOf>[]) => {
    const all = kit.createTestPlaylists(catalog)
    const id = await kit.created(all.playlists, kit.tracksOf(3))
    const references = kit.openOf(all.playlists, id).entries.map(({ item }) => item!.track)
    const standings = () => references.map((reference) => all.playlists.known.get().availabilityOf(reference).kind)
    return { ...all, id, references, standings }
  }
  test('[PY7] a track that the server does not know is gone, another server is named', async () => {
    const { playlists, references, standings, clock, serverId } = await withEntries([kit.trackOf(0)])
    playlists.want('page', references)
    expect(standings()).toEqual(['known', 'known', 'known'])
    await clock.advance(1_000)
    expect(standings()).toEqual(['known', 'gone', 'gone'])
    expect(references.map((reference) => playlists.known.get().trackOf(reference)?.title)).toEqual([
      'Song 0',
      undefined,
      undefined,
    ])
    serverId.set(kit.otherServer)
    expect(standings()).toEqual(['other-server', 'other-server', 'other-server'])
  })
  test('[PY7] without the server a track that is not on this device is not called gone', async () => {
    const { playlists, references, standings, clock, isOnline } = await withEntries([kit.trackOf(0)])
    isOnline.set(false)
    playlists.want('page', references)
    await clock.advance(1_000)
    expect(standings()).toEqual(['known', 'known', 'known'])
    isOnline.set(true)
    playlists.want('page', references)
    await clock.advance(1_000)
    expect(standings()).toEqual(['known', 'gone', 'gone'])
  })
  test('only what is wanted after a pause is requested, 50 at a time', async () => {
    const { playlists, clock, requests } = kit.createTestPlaylists(kit.tracksOf(300))
    const id = await kit.created(playlists, kit.tracksOf(300))
    const references = kit.openOf(playlists, id).entries.map(({ item }) => item!.track)
    playlists.want('page', references.slice(0, 20))
    playlists.want('page', references.slice(200, 270))
    await clock.advance(1_000)
    expect(requests.map((ids) => ids.length)).toEqual([50, 20])
    expect(await playlists.load(references.slice(190, 300), new AbortController().signal)).toHaveLength(110)
    expect(requests.slice(2).map((ids) => ids.length)).toEqual([40])
  })
  test('[PY8] a track that is gone is found again by its ISRC, in its place, and that can be undone', async () => {
    const again = kit.trackOf(9, { isrc: 'GBABC1200001', title: 'Another title' })
    const { playlists, clock } = kit.createTestPlaylists([again, kit.trackOf(1)])
    const id = await kit.created(playlists, [kit.trackOf(0, { isrc: 'GBABC1200001' }), kit.trackOf(1), kit.trackOf(2)])
    const entries = kit.openOf(playlists, id).entries
    playlists.want(
      'page',
      entries.map(({ item }) => item!.track),
    )
    await clock.advance(1_000)
    const { found, missing, change } = await playlists.findAgain(
      id,
      kit.idsOf(playlists, id),
      new AbortController().signal,
    )
    expect([found, missing]).toEqual([1, 1])
    expect(kit.openOf(playlists, id).entries[0]).toMatchObject({
      id: entries[0]!.id,
      item: { track: { trackId: again.id } },
    })
    await undoOf(change)()
    expect(kit.openOf(playlists, id).entries).toEqual(entries)
  })
})

test('[PY10] a playlist that may not be written says so, and nothing is kept', async () => {
  const { playlists, documents } = kit.createTestPlaylists()
  const id = await kit.created(playlists, kit.tracksOf(1))
  const edit = documents.edit
  Object.assign(documents, {
    edit: <K extends DocumentKind>(ref: Parameters<typeof edit<K>>[0], intent: Intents[K]) =>
      ref.address.kind === 'playlist' ? Promise.resolve({ kind: 'read-only' }) : edit(ref, intent),
  })
  expect(await playlists.rename(id, 'x')).toEqual({ kind: 'read-only' })
  expect(await playlists.undo(id)).toEqual({ kind: 'nothing' })
  expect(kit.openOf(playlists, id).title).toBe('Friday')
})
