import { parseArtistId, parseChunkId, parseServerId, type ServerId } from '@tonestead/crdt/ids'
import { savedIn, type LibraryDocument } from '@tonestead/crdt/library/library-document'
import { savedKey } from '@tonestead/crdt/library/saved-key'
import { allShards, fullShardEntries } from '@tonestead/crdt/library/library-shards'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { createCell } from '../cell.ts'
import type { DocumentService } from '../documents/documents.ts'
import { createMemoryDocuments } from '../documents/memory-documents.testkit.ts'
import { createUnavailableDocuments } from '../documents/unavailable-documents.ts'
import { aRelease, aTrack } from './catalog-samples.testkit.ts'
import * as savedChanges from './change-saved.ts'
import { createSavedMusic } from './create-saved-music.ts'
import { filterSaved, listSaved } from './saved-list.ts'
import type { Savable, SavedChange, SavedMusic } from './saved-music.ts'
import { isSaved } from './is-saved.ts'

const server = parseServerId('S'.repeat(22))
const { signal } = new AbortController()

const start = (documents: DocumentService = createMemoryDocuments()) => {
  const clock = createManualClock()
  const serverId = createCell<ServerId | undefined>(server)
  const saved = createSavedMusic({
    loadChanges: () => Promise.resolve(savedChanges),
    documents,
    serverId,
    clock,
    random: createSeededRandom(7),
  })
  saved.start()
  return { saved, clock, serverId }
}
const trackNamed = (name: string): Savable => ({ section: 'tracks', track: aTrack(name) })
const keyOf = (name: string): string => savedKey(server, aTrack(name).id)
const shardsOf = ({ view }: SavedMusic): readonly LibraryDocument[] => {
  const now = view.get()
  return now.kind === 'open' ? now.shards : []
}
const titles = (saved: SavedMusic): string[] =>
  listSaved(shardsOf(saved), 'tracks', 'name').map((item) => item.saved.track.title)
const undo = async (change: SavedChange): Promise<SavedChange> => {
  if (change.kind !== 'changed') throw new Error(`nothing to undo: ${change.kind}`)
  return change.undo()
}

test('[SV1] [SV2] what was saved is shown, with what a row needs without its server, and is saved once', async () => {
  const { saved } = start()
  saved.view.subscribe(() => undefined)
  expect((await saved.save(trackNamed('River'), signal)).kind).toBe('changed')
  expect((await saved.save(trackNamed('River'), signal)).kind).toBe('unchanged')
  expect(isSaved(saved.view.get(), 'tracks', keyOf('River'))).toBe(true)
  const [item] = listSaved(shardsOf(saved), 'tracks', 'name')
  expect(item?.saved.track).toMatchObject({
    serverId: server,
    title: 'River',
    credits: [{ name: 'Anna', join: '' }],
    release: { title: 'Winter' },
    durationMs: 200_000,
    isrc: 'GBAYE0601498',
  })
})

test('[SV2] releases and artists are saved with what their cards show', async () => {
  const { saved } = start()
  await saved.save({ section: 'releases', release: aRelease('Winter', { year: 1999, cover: 'c'.repeat(64) }) }, signal)
  await saved.save({ section: 'releases', release: aRelease('No year', { year: -3 }) }, signal)
  await saved.save({ section: 'artists', artist: { id: parseArtistId('a'.repeat(26)), name: 'Ágnes' } }, signal)
  const { releases, artists } = savedIn(shardsOf(saved))
  expect([...releases.values()]).toMatchObject([
    { title: 'Winter', year: 1999, coverId: parseChunkId('c'.repeat(64)), credits: [{ name: 'Anna', join: '' }] },
    { title: 'No year' },
  ])
  expect([...releases.values()][1]).not.toHaveProperty('year')
  expect([...artists.values()]).toMatchObject([{ name: 'Ágnes' }])
})

test('[SV4] the undo of saving removes, the undo of removing brings the thing back as it was, and an undo can be undone', async () => {
  const { saved, clock } = start()
  const change = await saved.save(trackNamed('River'), signal)
  const savedAt = clock.now()
  const again = await undo(change)
  expect(titles(saved)).toEqual([])
  await undo(again)
  expect(titles(saved)).toEqual(['River'])
  await clock.advance(60_000)
  const removal = await saved.unsave({ section: 'tracks', key: keyOf('River') }, signal)
  expect(titles(saved)).toEqual([])
  await undo(removal)
  expect(listSaved(shardsOf(saved), 'tracks', 'name')[0]?.saved.savedAt).toBe(savedAt)
})

test('[SV4] the undo of any list of changes, the last one first, gives what was saved at first', async () => {
  const names = ['River', 'Winter', 'Lantern']
  const step = fc.record({ isSaving: fc.boolean(), name: fc.constantFrom(...names) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { saved } = start()
      await saved.save(trackNamed('River'), signal)
      const before = savedIn(shardsOf(saved))
      const changes: SavedChange[] = []
      for (const { isSaving, name } of steps)
        changes.push(
          await (isSaving
            ? saved.save(trackNamed(name), signal)
            : saved.unsave({ section: 'tracks', key: keyOf(name) }, signal)),
        )
      for (const change of changes.toReversed()) if (change.kind === 'changed') await change.undo()
      expect(savedIn(shardsOf(saved))).toEqual(before)
    }),
    { numRuns: 50 },
  )
})

const digits = 'abcdefghijklmnopqrstuvwxyz234567'
/** Fills the first document of a library, as 20,000 savings would. */
const createFullLibrary = () => {
  const documents = createMemoryDocuments()
  const view = documents.view<'library'>({ address: { kind: 'library', shards: 1, shard: 0 } }).get()
  if (view.kind !== 'open') throw new Error('the library is not open')
  for (let index = 0; index < fullShardEntries; index += 1) {
    const id = [15, 10, 5, 0].map((shift) => digits.charAt((index >> shift) & 31)).join('')
    view.document.artists[`${server}/${id.padEnd(26, 'a')}`] = `[1,"${server}","${id.padEnd(26, 'a')}","Somebody"]`
  }
  return documents
}

test('[SV3] a full document begins further ones, and what it holds is found, removed and brought back as before', async () => {
  const documents = createFullLibrary()
  const { saved } = start(documents)
  const old = `${server}/${'a'.repeat(26)}`
  expect((await saved.save(trackNamed('River'), signal)).kind).toBe('changed')
  expect(documents.edits.map(({ intent }) => intent.kind)).toEqual(['splitLibrary', 'saveTracks'])
  expect(shardsOf(saved)).toHaveLength(allShards(16).length)
  expect(isSaved(saved.view.get(), 'tracks', keyOf('River'))).toBe(true)
  expect(isSaved(saved.view.get(), 'artists', old)).toBe(true)
  const removal = await saved.unsave({ section: 'artists', key: old }, signal)
  expect(isSaved(saved.view.get(), 'artists', old)).toBe(false)
  await undo(removal)
  expect(isSaved(saved.view.get(), 'artists', old)).toBe(true)
})

test('[SV2] a thing that two documents hold is removed from both', async () => {
  const documents = createMemoryDocuments()
  const { saved } = start(documents)
  await saved.save(trackNamed('River'), signal)
  await documents.edit(
    { address: { kind: 'root' } },
    { kind: 'splitLibrary', id: documents.edits[0]!.intent.id, shards: 16 },
  )
  const { edits } = documents
  const again = edits[0]!.intent
  if (again.kind !== 'saveTracks') throw new Error('not saved')
  for (const address of allShards(16).slice(1)) await documents.edit({ address }, again)
  await saved.unsave({ section: 'tracks', key: keyOf('River') }, signal)
  expect(shardsOf(saved).filter(({ tracks }) => keyOf('River') in tracks)).toHaveLength(15)
})

test('[SV5] the documents are followed while somebody subscribes, and a change of the root alone changes nothing', async () => {
  const documents = createMemoryDocuments()
  const { saved } = start(documents)
  let changes = 0
  const leave = saved.view.subscribe(() => (changes += 1))
  await saved.save(trackNamed('River'), signal)
  expect(changes).toBe(1)
  const before = saved.view.get()
  const device = 'd'.repeat(52) as never
  await documents.edit(
    { address: { kind: 'root' } },
    { kind: 'nameDevice', id: documents.edits[0]!.intent.id, device, name: 'Kitchen' },
  )
  expect(saved.view.get()).toBe(before)
  expect(changes).toBe(1)
  leave()
  await saved.save(trackNamed('Winter'), signal)
  expect(changes).toBe(1)
  expect(titles(saved)).toEqual(['River', 'Winter'])
})

test('[SV6] lists are sorted by title or by time, and a filter finds all of its words without case and marks', async () => {
  const { saved, clock } = start()
  for (const name of ['river 10', 'River 2', 'Årstid']) {
    await saved.save(trackNamed(name), signal)
    await clock.advance(1_000)
  }
  expect(titles(saved)).toEqual(['Årstid', 'River 2', 'river 10'])
  const recent = listSaved(shardsOf(saved), 'tracks', 'recent')
  expect(recent.map((item) => item.saved.track.title)).toEqual(['Årstid', 'River 2', 'river 10'])
  const found = (text: string): string[] => filterSaved(recent, text).map((item) => item.saved.track.title)
  expect(found('RIVER anna')).toEqual(['River 2', 'river 10'])
  expect(found('arstid winter')).toEqual(['Årstid'])
  expect(found('river nobody')).toEqual([])
  expect(found('  ')).toHaveLength(3)
})

test('[SV7] without documents, without a server and in a read-only document nothing is changed, and the reason is told', async () => {
  const without = start(createUnavailableDocuments('not-supported'))
  expect(await without.saved.save(trackNamed('River'), signal)).toEqual({
    kind: 'not-changed',
    reason: 'not-supported',
  })
  expect(without.saved.view.get()).toEqual({ kind: 'unavailable', reason: 'not-supported' })
  const unknown = start()
  unknown.serverId.set(undefined)
  expect(await unknown.saved.save(trackNamed('River'), signal)).toEqual({
    kind: 'not-changed',
    reason: 'server-unknown',
  })
  const readOnly = start({ ...createMemoryDocuments(), edit: () => Promise.resolve({ kind: 'read-only' }) })
  expect(await readOnly.saved.save(trackNamed('River'), signal)).toEqual({ kind: 'not-changed', reason: 'read-only' })
  const full = start({
    ...createMemoryDocuments(),
    edit: () => Promise.resolve({ kind: 'refused', reason: 'document-full' }),
  })
  expect(await full.saved.save(trackNamed('River'), signal)).toEqual({ kind: 'not-changed', reason: 'full' })
})

test('[SV6] entries of the same instant or title have the order of their keys', async () => {
  const documents = createMemoryDocuments()
  const { saved } = start(documents)
  for (const id of ['b', 'a', 'c'])
    await saved.save({ section: 'tracks', track: { ...aTrack('River'), id: id.repeat(26) as never } }, signal)
  const keys = (sort: 'name' | 'recent'): string[] => listSaved(shardsOf(saved), 'tracks', sort).map(({ key }) => key)
  expect(keys('name')).toEqual(['a', 'b', 'c'].map((id) => `${server}/${id.repeat(26)}`))
  expect(keys('recent')).toEqual(keys('name'))
})

test('[SV8] no document is read before the start, and saving starts', async () => {
  const documents = createMemoryDocuments()
  let reads = 0
  const counted: DocumentService = { ...documents, view: (ref) => ((reads += 1), documents.view(ref)) }
  const serverId = createCell<ServerId | undefined>(server)
  const saved = createSavedMusic({
    loadChanges: () => Promise.resolve(savedChanges),
    documents: counted,
    serverId,
    clock: createManualClock(),
    random: createSeededRandom(7),
  })
  saved.view.subscribe(() => undefined)
  expect(saved.view.get()).toEqual({ kind: 'loading' })
  expect(reads).toBe(0)
  await saved.save(trackNamed('River'), signal)
  expect(isSaved(saved.view.get(), 'tracks', keyOf('River'))).toBe(true)
})
