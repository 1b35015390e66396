import { parseUnixMs } from '@tonestead/crdt/instant'
import type { CatalogChange, ListQuery, Page } from '@tonestead/protocol/catalog'
import { expect, it } from 'vitest'
import type { CatalogStore } from './catalog-store.ts'
import { creditOf, publicationOf } from './publication.testkit.ts'

const at = (second: number) => parseUnixMs(1_700_000_000_000 + second * 1000)
const byName: ListQuery = { limit: 50, sort: 'name' }
const all = { after: 0, limit: 1000 }

/** The contract of every catalog store. `open` returns an empty one. */
export const catalogStoreContract = (open: () => Promise<CatalogStore>): void => {
  it('returns everything that was published', async () => {
    const catalog = await open()
    const publication = publicationOf({
      title: 'Aria',
      release: 'Variations',
      artist: 'Glenn',
      position: 1,
      year: 1955,
    })
    await catalog.publish(publication, at(1))
    const release = await catalog.release(publication.release.id, 'listeners')
    expect(release).toMatchObject({
      title: 'Variations',
      year: 1955,
      trackCount: 1,
      durationMs: 200_000,
      isPublic: false,
      addedAt: at(1),
      credits: [creditOf('Glenn')],
    })
    expect(release?.tracks).toHaveLength(1)
    expect(release?.tracks[0]).toMatchObject({
      id: publication.track.id,
      title: 'Aria',
      position: 1,
      disc: 1,
      recordingId: publication.recording.id,
      heads: { aac: Buffer.from(publication.recording.heads.aac).toString('base64url') },
    })
    expect(await catalog.recording(publication.recording.id, 'listeners')).toEqual(publication.recording)
    expect(await catalog.madeRecording(publication.recording.id)).toEqual(publication.recording)
    expect(await catalog.artist(creditOf('Glenn').id, 'listeners')).toMatchObject({
      name: 'Glenn',
      releaseCount: 1,
      trackCount: 1,
    })
  })

  it('appends no change when the same is published again, also concurrently', async () => {
    const catalog = await open()
    const publication = publicationOf({ title: 'Aria', release: 'Variations', artist: 'Glenn' })
    await catalog.publish(publication, at(1))
    const before = await catalog.changes(all, 'listeners')
    await Promise.all(Array.from({ length: 12 }, () => catalog.publish(publication, at(2))))
    expect(await catalog.changes(all, 'listeners')).toEqual(before)
  })

  it('numbers changes in the order of their commits, while many write', async () => {
    const catalog = await open()
    const seen: CatalogChange[] = []
    let last = 0
    const follow = async (): Promise<void> => {
      const page = await catalog.changes({ after: last, limit: 7 }, 'listeners')
      expect(page.items.every((change) => change.seq > last)).toBe(true)
      seen.push(...page.items)
      last = page.last
    }
    const writing = Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        catalog.publish(
          publicationOf({ title: `T${index}`, release: `R${index % 5}`, artist: `A${index % 9}` }),
          at(index),
        ),
      ),
    )
    for (let round = 0; round < 30; round += 1) await follow()
    await writing
    for (let before = -1; before !== last;) {
      before = last
      await follow()
    }
    expect(seen).toEqual((await catalog.changes(all, 'listeners')).items)
    expect(seen.filter((change) => change.kind === 'track')).toHaveLength(40)
  })

  it('shows everyone only what is public', async () => {
    const catalog = await open()
    const hidden = publicationOf({ title: 'Hidden', release: 'Private', artist: 'Ann' })
    const shown = publicationOf({ title: 'Shown', release: 'Public', artist: 'Ann', isPublic: true })
    await catalog.publish(hidden, at(1))
    await catalog.publish(shown, at(2))
    expect((await catalog.releases(byName, 'everyone')).items.map((item) => item.title)).toEqual(['Public'])
    expect((await catalog.tracks(byName, 'everyone')).total).toBe(1)
    expect((await catalog.artists(byName, 'everyone')).items).toMatchObject([
      { name: 'Ann', trackCount: 1, releaseCount: 1 },
    ])
    expect((await catalog.artists(byName, 'listeners')).items).toMatchObject([
      { name: 'Ann', trackCount: 2, releaseCount: 2 },
    ])
    expect(await catalog.release(hidden.release.id, 'everyone')).toBeUndefined()
    expect(await catalog.track(hidden.track.id, 'everyone')).toBeUndefined()
    expect(await catalog.recording(hidden.recording.id, 'everyone')).toBeUndefined()
    expect(await catalog.recording(shown.recording.id, 'everyone')).toBeDefined()
    expect((await catalog.artist(creditOf('Ann').id, 'everyone'))?.tracks).toHaveLength(1)
    expect((await catalog.tracksById([hidden.track.id, shown.track.id], 'everyone')).map((track) => track.id)).toEqual([
      shown.track.id,
    ])
    const publicIds = new Set((await catalog.changes(all, 'everyone')).items.map((change) => change.id))
    expect(publicIds.has(hidden.track.id) || publicIds.has(hidden.release.id)).toBe(false)
  })

  it('pages by cursor through every row once, in the same order as by offset, while rows are added', async () => {
    const catalog = await open()
    const names = [
      'Åben',
      'abacus',
      'The Beatles',
      'Zoë',
      'Éclair',
      'beat',
      'Ölberg',
      '...And Justice',
      '1999',
      'æon',
      'The The',
    ]
    for (const [index, name] of names.entries())
      await catalog.publish(publicationOf({ title: name, release: name, artist: name }), at(index))
    for (const sort of ['name', 'recent'] as const) {
      const whole = await catalog.releases({ limit: 50, sort }, 'listeners')
      const paged: string[] = []
      for (let query: ListQuery | undefined = { limit: 3, sort }; query !== undefined;) {
        const page: Page<{ id: string }> = await catalog.releases(query, 'listeners')
        paged.push(...page.items.map((item) => item.id))
        if (sort === 'name')
          await catalog.publish(
            publicationOf({ title: `0${paged.length}`, release: `0${paged.length}`, artist: 'new' }),
            at(100),
          )
        query = page.next === undefined ? undefined : { limit: 3, sort, cursor: page.next }
      }
      expect(paged).toEqual(whole.items.map((item) => item.id))
      const offset = await catalog.releases({ limit: 4, sort, offset: 2 }, 'listeners')
      const now = await catalog.releases({ limit: 50, sort }, 'listeners')
      expect(offset.items).toEqual(now.items.slice(2, 6))
    }
  })

  it('orders by name, ignoring diacritics, case and a leading The', async () => {
    const catalog = await open()
    for (const name of ['Zebra', 'The Beatles', 'élan', 'Echo', 'abba', '(What)', 'Öl'])
      await catalog.publish(publicationOf({ title: name, release: name, artist: name }), at(1))
    expect((await catalog.artists(byName, 'listeners')).items.map((item) => item.name)).toEqual([
      'abba',
      'The Beatles',
      'Echo',
      'élan',
      'Öl',
      '(What)',
      'Zebra',
    ])
  })

  it('refuses a cursor that it did not make, and one of another order', async () => {
    const catalog = await open()
    for (const name of ['a', 'b'])
      await catalog.publish(publicationOf({ title: name, release: name, artist: name }), at(1))
    const { next } = await catalog.tracks({ limit: 1, sort: 'name' }, 'listeners')
    await expect(catalog.tracks({ limit: 1, sort: 'recent', cursor: next }, 'listeners')).rejects.toMatchObject({
      code: 'invalid-request',
    })
    for (const cursor of ['', 'nonsense', '%%%', Buffer.from('["name",1]').toString('base64url')]) {
      await expect(catalog.tracks({ limit: 1, sort: 'name', cursor }, 'listeners')).rejects.toMatchObject({
        code: 'invalid-request',
      })
    }
  })

  it('removes a release and its artists with the last track, and restores them', async () => {
    const catalog = await open()
    const [one, two] = ['One', 'Two'].map((title) =>
      publicationOf({ title, release: 'Both', artist: title, albumArtist: 'Various' }),
    ) as [ReturnType<typeof publicationOf>, ReturnType<typeof publicationOf>]
    await catalog.publish(one, at(1))
    await catalog.publish(two, at(2))
    await catalog.withdraw(one.track.id, at(3))
    expect((await catalog.release(one.release.id, 'listeners'))?.tracks.map((track) => track.title)).toEqual(['Two'])
    expect(await catalog.artist(creditOf('One').id, 'listeners')).toBeUndefined()
    expect(await catalog.recording(one.recording.id, 'listeners')).toBeUndefined()
    await catalog.withdraw(two.track.id, at(4))
    await catalog.withdraw(two.track.id, at(5))
    expect(await catalog.release(one.release.id, 'listeners')).toBeUndefined()
    expect((await catalog.artists(byName, 'listeners')).total).toBe(0)
    const gone = (await catalog.changes(all, 'listeners')).items
      .filter((change) => change.change === 'withdrawn')
      .map((change) => change.kind)
    expect(gone.toSorted()).toEqual([
      'artist',
      'artist',
      'artist',
      'recording',
      'recording',
      'release',
      'track',
      'track',
    ])
    await catalog.publish(one, at(6))
    expect((await catalog.release(one.release.id, 'listeners'))?.tracks).toHaveLength(1)
  })

  it('moves a track to another release when it is published there', async () => {
    const catalog = await open()
    const before = publicationOf({ title: 'Song', release: 'Wrong', artist: 'Ann' })
    const after = { ...before, release: publicationOf({ title: 'Song', release: 'Right', artist: 'Ann' }).release }
    await catalog.publish(before, at(1))
    await catalog.publish(after, at(2))
    expect(await catalog.release(before.release.id, 'listeners')).toBeUndefined()
    expect((await catalog.track(before.track.id, 'listeners'))?.release.title).toBe('Right')
    expect(await catalog.artist(creditOf('Ann').id, 'listeners')).toMatchObject({ trackCount: 1, releaseCount: 1 })
  })

  it('stores new heads and album loudness, and reports each change once', async () => {
    const catalog = await open()
    const publication = publicationOf({ title: 'Song', release: 'Album', artist: 'Ann' })
    await catalog.publish(publication, at(1))
    const heads = { aac: new Uint8Array([1, 2, 3]), flac: new Uint8Array([4, 5]) }
    const loudness = { integratedLufs: -12.5, truePeakDbtp: -0.3 }
    const loud = {
      ...publication,
      recording: { ...publication.recording, heads },
      release: { ...publication.release, loudness },
    }
    const before = (await catalog.changes(all, 'listeners')).last
    for (const second of [2, 3]) {
      await catalog.setHeads(publication.recording.id, heads, at(second))
      await catalog.publish(loud, at(second))
    }
    expect((await catalog.recording(publication.recording.id, 'listeners'))?.heads).toEqual(heads)
    expect(await catalog.track(publication.track.id, 'listeners')).toMatchObject({
      heads: { aac: 'AQID', flac: 'BAU' },
      albumLoudness: { integratedLufs: -12.5, truePeakDbtp: -0.3 },
    })
    expect((await catalog.changes(all, 'listeners')).last).toBe(before + 2)
  })

  it('returns tracks by id in the order requested, without those that do not exist', async () => {
    const catalog = await open()
    const [one, two] = ['One', 'Two'].map((title) => publicationOf({ title, release: 'Both', artist: 'Ann' })) as [
      ReturnType<typeof publicationOf>,
      ReturnType<typeof publicationOf>,
    ]
    await catalog.publish(one, at(1))
    await catalog.publish(two, at(2))
    const missing = publicationOf({ title: 'Three', release: 'Both', artist: 'Ann' }).track.id
    expect(
      (await catalog.tracksById([two.track.id, missing, one.track.id, two.track.id], 'listeners')).map(
        (track) => track.title,
      ),
    ).toEqual(['Two', 'One', 'Two'])
    expect(await catalog.tracksById([], 'listeners')).toEqual([])
  })

  it('reports in the feed what a change affects: tracks of the release, artists who become public or private', async () => {
    const catalog = await open()
    const hidden = publicationOf({ title: 'Song', release: 'Album', artist: 'Ann', albumArtist: 'Band' })
    const second = publicationOf({ title: 'Other', release: 'Album', artist: 'Bob', albumArtist: 'Band' })
    await catalog.publish(hidden, at(1))
    await catalog.publish(second, at(2))
    const after = async (before: number, audience: 'everyone' | 'listeners' = 'everyone') =>
      (await catalog.changes({ after: before, limit: 1000 }, audience)).items
        .map(({ kind, id, change }) => `${kind} ${id} ${change}`)
        .toSorted()
    const known = (await catalog.changes(all, 'listeners')).last
    expect(await after(0)).toEqual([])
    await catalog.publish({ ...hidden, track: { ...hidden.track, isPublic: true } }, at(3))
    const [track, other, release] = [hidden.track.id, second.track.id, hidden.release.id]
    const seen = [
      ...[creditOf('Ann').id, creditOf('Band').id].map((id) => `artist ${id} changed`),
      `release ${release} changed`,
      `track ${track} changed`,
    ].toSorted()
    expect(await after(known)).toEqual(seen)
    const shown = (await catalog.changes(all, 'listeners')).last
    await catalog.publish(hidden, at(4))
    expect(await after(shown)).toEqual(seen)
    const again = (await catalog.changes(all, 'listeners')).last
    await catalog.publish({ ...hidden, release: { ...hidden.release, year: 1999 } }, at(5))
    expect(await after(again)).toEqual([])
    expect(await after(again, 'listeners')).toEqual(
      [`release ${release} changed`, `track ${track} changed`, `track ${other} changed`].toSorted(),
    )
  })

  it('[CT2] shows each audience its own tracks of a release, and counts only these', async () => {
    const catalog = await open()
    const shown = publicationOf({ title: 'Shown', release: 'Mixed', artist: 'Ann', isPublic: true, position: 1 })
    const hidden = publicationOf({ title: 'Hidden', release: 'Mixed', artist: 'Bob', albumArtist: 'Ann', position: 2 })
    await catalog.publish(shown, at(1))
    const before = (await catalog.changes(all, 'everyone')).items
    await catalog.publish(hidden, at(2))
    const forAll = await catalog.release(shown.release.id, 'everyone')
    expect(forAll).toMatchObject({ trackCount: 1, durationMs: 200_000, isPublic: true })
    expect(forAll?.tracks.map((track) => track.title)).toEqual(['Shown'])
    expect(await catalog.release(shown.release.id, 'listeners')).toMatchObject({
      trackCount: 2,
      durationMs: 400_000,
      tracks: [{ title: 'Shown' }, { title: 'Hidden' }],
    })
    expect((await catalog.releases(byName, 'everyone')).items).toMatchObject([{ trackCount: 1 }])
    expect((await catalog.changes(all, 'everyone')).items).toEqual(before)
    expect(await catalog.recording(hidden.recording.id, 'everyone')).toBeUndefined()
    expect(await catalog.recording(shown.recording.id, 'everyone')).toBeDefined()
  })

  it('[CT13] names an artist as most credits do, and public ones before others', async () => {
    const catalog = await open()
    const credit = (name: string) => ({ ...creditOf('Ann'), name })
    const nameOf = async () => (await catalog.artist(creditOf('Ann').id, 'listeners'))?.name
    const publish = async (title: string, name: string, isPublic: boolean) => {
      const { track, release, ...rest } = publicationOf({ title, release: title, artist: name, isPublic })
      const credits = [credit(name)]
      await catalog.publish({ ...rest, track: { ...track, credits }, release: { ...release, credits } }, at(1))
      return track.id
    }
    await publish('a', 'ann', false)
    await publish('b', 'Ann', false)
    expect(await nameOf()).toBe('Ann')
    const third = await publish('c', 'ann', false)
    expect(await nameOf()).toBe('ann')
    await publish('d', 'ANN', true)
    expect(await nameOf()).toBe('ANN')
    await catalog.withdraw(third, at(2))
    expect(await nameOf()).toBe('ANN')
  })
}
