import { parseUnixMs } from '@tonestead/crdt/instant'
import { expect, it } from 'vitest'
import type { CatalogStore } from './catalog-store.ts'
import type { PlayStore } from './play-store.ts'
import { creditOf, publicationOf } from './publication.testkit.ts'
import { playHalfLifeDays, type SearchItemKind, type SearchSource } from './search-source.ts'

const at = (second: number) => parseUnixMs(1_700_000_000_000 + second * 1000)
const today = 20_000
const never = new AbortController().signal

type Opened = { readonly catalog: CatalogStore; readonly plays: PlayStore; readonly search: SearchSource }

/** The contract of every search source, and of the plays that it weighs. `open` returns an empty catalog. */
export const searchSourceContract = (open: () => Promise<Opened>): void => {
  const song = publicationOf({ title: 'Song', release: 'Album', artist: 'Ann', albumArtist: 'Band', year: 1999 })
  const item = async ({ search }: Opened, kind: SearchItemKind, id: string) =>
    (await search.items([{ kind, id }], today))[0]

  it('returns items with everything that a row of results shows', async () => {
    const stores = await open()
    const flac = {
      ...song,
      recording: { ...song.recording, heads: { ...song.recording.heads, flac: new Uint8Array([1]) } },
    }
    await stores.catalog.publish(flac, at(1))
    const shared = { isPublic: false, plays: 0, cover: song.release.cover }
    expect(await item(stores, 'track', song.track.id)).toEqual({
      ...shared,
      kind: 'track',
      id: song.track.id,
      title: 'Song',
      credits: [creditOf('Ann')],
      release: { id: song.release.id, title: 'Album' },
      year: 1999,
      durationMs: 200_000,
      isLossless: true,
    })
    expect(await item(stores, 'release', song.release.id)).toEqual({
      ...shared,
      kind: 'release',
      id: song.release.id,
      title: 'Album',
      credits: [creditOf('Band')],
      year: 1999,
      durationMs: 200_000,
      isLossless: true,
      trackCount: 1,
      inPublic: { durationMs: 0, isLossless: true, plays: 0, trackCount: 0 },
    })
    expect(await item(stores, 'artist', creditOf('Band').id)).toEqual({
      ...shared,
      kind: 'artist',
      id: creditOf('Band').id,
      title: 'Band',
      credits: [],
      trackCount: 1,
      inPublic: { trackCount: 0, plays: 0 },
    })
    await stores.catalog.publish(
      publicationOf({ title: 'Lossy', release: 'Album', artist: 'Ann', albumArtist: 'Band', year: 1999 }),
      at(2),
    )
    expect(await item(stores, 'release', song.release.id)).toMatchObject({ isLossless: false, trackCount: 2 })
  })

  it('shows an artist with a public cover if there is one', async () => {
    const stores = await open()
    const shown = publicationOf({ title: 'A', release: 'Shown', artist: 'Ann', year: 1980, isPublic: true })
    await stores.catalog.publish(shown, at(1))
    await stores.catalog.publish(
      publicationOf({ title: 'B', release: 'Newer, hidden', artist: 'Ann', year: 2020 }),
      at(2),
    )
    expect(await item(stores, 'artist', creditOf('Ann').id)).toMatchObject({
      isPublic: true,
      cover: shown.release.cover,
      trackCount: 2,
      inPublic: { trackCount: 1, plays: 0 },
    })
    const bare = publicationOf({ title: 'C', release: 'Bare', artist: 'Bob', isPublic: true })
    await stores.catalog.publish({ ...bare, release: { ...bare.release, cover: undefined } }, at(3))
    await stores.catalog.publish(publicationOf({ title: 'D', release: 'Hidden', artist: 'Bob' }), at(4))
    expect(await item(stores, 'artist', creditOf('Bob').id)).toMatchObject({ isPublic: true, cover: undefined })
  })

  it('pages through each kind once, by id', async () => {
    const { catalog, search } = await open()
    for (let index = 0; index < 7; index += 1)
      await catalog.publish(
        publicationOf({ title: `T${index}`, release: `R${index % 3}`, artist: `A${index}` }),
        at(index),
      )
    for (const [kind, count] of [
      ['track', 7],
      ['release', 3],
      ['artist', 7],
    ] as const) {
      const ids: string[] = []
      for (
        let page = await search.page({ kind, after: '', limit: 2, today });
        page.length > 0;
        page = await search.page({ kind, after: ids.toSorted().at(-1) ?? '', limit: 2, today })
      )
        ids.push(...page.map((found) => found.id))
      expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
      expect(ids).toHaveLength(count)
    }
    expect([await search.trackCount('listeners'), await search.trackCount('everyone')]).toEqual([7, 0])
  })

  it('reports each changed item once, and a recording as its tracks', async () => {
    const { catalog, search } = await open()
    expect(await search.newest()).toEqual({ sequence: 0, mark: '' })
    await catalog.publish(song, at(1))
    const first = await search.changes({ after: 0, limit: 100 }, 'listeners')
    const { sequence, mark } = await search.newest()
    expect(first).toMatchObject({ last: sequence, isLast: true })
    expect(first.keys.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      [
        { kind: 'track', id: song.track.id },
        { kind: 'release', id: song.release.id },
        { kind: 'artist', id: creditOf('Ann').id },
        { kind: 'artist', id: creditOf('Band').id },
      ].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    )
    await catalog.setHeads(song.recording.id, { aac: new Uint8Array([1]), flac: new Uint8Array([2]) }, at(2))
    expect(await search.changes({ after: sequence, limit: 100 }, 'listeners')).toEqual({
      keys: [{ kind: 'track', id: song.track.id }],
      last: sequence + 1,
      isLast: true,
    })
    expect(await search.changes({ after: 0, limit: 100 }, 'everyone')).toEqual({
      keys: [],
      last: sequence + 1,
      isLast: true,
    })
    expect(await search.changes({ after: 0, limit: 1 }, 'listeners')).toMatchObject({ last: 1, isLast: false })
    expect([await search.markAt(sequence), await search.markAt(sequence + 9), await search.markAt(0)]).toEqual([
      mark,
      undefined,
      '',
    ])
    await catalog.withdraw(song.track.id, at(3))
    expect(
      await search.items((await search.changes({ after: sequence + 1, limit: 100 }, 'listeners')).keys, today),
    ).toEqual([])
  })

  it('reports to everyone what becomes private, but no private track of a public recording', async () => {
    const { catalog, search } = await open()
    const shown = publicationOf({ title: 'Song', release: 'Shown', artist: 'Ann', isPublic: true, recording: 'same' })
    const hidden = publicationOf({ title: 'Song', release: 'Hidden', artist: 'Ann', recording: 'same' })
    await catalog.publish(shown, at(1))
    await catalog.publish(hidden, at(2))
    await catalog.setHeads(shown.recording.id, { aac: new Uint8Array([1]), flac: new Uint8Array([2]) }, at(3))
    const publicChanges = await search.changes({ after: 0, limit: 100 }, 'everyone')
    expect(publicChanges.keys.some((key) => key.id === hidden.track.id || key.id === hidden.release.id)).toBe(false)
    await catalog.publish({ ...shown, track: { ...shown.track, isPublic: false } }, at(4))
    const after = await search.changes({ after: publicChanges.last, limit: 100 }, 'everyone')
    expect(after.keys).toEqual(
      expect.arrayContaining([
        { kind: 'track', id: shown.track.id },
        { kind: 'release', id: shown.release.id },
        { kind: 'artist', id: creditOf('Ann').id },
      ]),
    )
  })

  it('resolves at a change, at once when there are changes already, and rejects on abort', async () => {
    const { catalog, search } = await open()
    const woken = search.changed(0, never)
    await catalog.publish(song, at(1))
    await woken
    await search.changed(0, never)
    const stop = new AbortController()
    const waiting = search.changed((await search.newest()).sequence, stop.signal)
    stop.abort()
    await expect(waiting).rejects.toThrow()
  })

  it('weighs plays by age, for the track, its release and all its artists', async () => {
    const stores = await open()
    await stores.catalog.publish(song, at(1))
    for (const day of [today, today, today - playHalfLifeDays, today - 2 * playHalfLifeDays])
      await stores.plays.count(song.track.id, day)
    for (const [kind, id] of [
      ['track', song.track.id],
      ['release', song.release.id],
      ['artist', creditOf('Ann').id],
      ['artist', creditOf('Band').id],
    ] as const)
      expect((await item(stores, kind, id))?.plays).toBeCloseTo(2.75, 9)
    expect(await item(stores, 'artist', creditOf('Ann').id)).toMatchObject({ inPublic: { trackCount: 0, plays: 0 } })
    await stores.catalog.publish({ ...song, track: { ...song.track, isPublic: true } }, at(2))
    expect(await item(stores, 'artist', creditOf('Ann').id)).toMatchObject({ inPublic: { trackCount: 1, plays: 2.75 } })
    expect(await stores.search.playedSince(today + 1)).toEqual([])
    expect((await stores.search.playedSince(today)).map((key) => key.kind).toSorted()).toEqual([
      'artist',
      'artist',
      'release',
      'track',
    ])
    await stores.plays.forgetBefore(today)
    expect((await item(stores, 'track', song.track.id))?.plays).toBe(2)
  })
}
