import { parseUnixMs } from '@tonestead/crdt/instant'
import { expect, it } from 'vitest'
import type { CatalogStore } from './catalog-store.ts'
import { foundSource, ingestedOf } from './ingested-source.testkit.ts'
import { publicationOf, randomRecordingId } from './publication.testkit.ts'
import type { ScrubSource } from './scrub-source.ts'
import type { SourceStore } from './source-store.ts'

type Opened = { readonly catalog: CatalogStore; readonly sources: SourceStore; readonly scrub: ScrubSource }

/** The contract of every scrub source. `open` returns one over an empty catalog. */
export const scrubSourceContract = (open: () => Promise<Opened>): void => {
  const at = parseUnixMs(1_700_000_000_000)

  it('pages through the published recordings once, with their covers', async () => {
    const { catalog, scrub } = await open()
    const publications = Array.from({ length: 7 }, (_, index) =>
      publicationOf({ title: `Title ${index}`, release: `Release ${index % 2}`, artist: 'Ann' }),
    )
    for (const publication of publications) await catalog.publish(publication, at)
    const found: string[] = []
    for (let after = ''; ;) {
      const page = await scrub.recordings(after, 3)
      if (page.length === 0) break
      for (const recording of page) {
        const published = publications.find(({ recording: { id } }) => id === recording.id)
        expect(recording.covers).toEqual([published?.release.cover?.id])
        expect(recording.heads.aac).toEqual(published?.recording.heads.aac)
        found.push(recording.id)
      }
      after = found.at(-1) ?? ''
    }
    expect(found).toEqual(publications.map(({ recording }) => recording.id as string).toSorted())
  })

  it('leaves out a recording that was withdrawn', async () => {
    const { catalog, scrub } = await open()
    const publication = publicationOf({ title: 'Gone', release: 'Release', artist: 'Ann' })
    await catalog.publish(publication, at)
    await catalog.withdraw(publication.track.id, at)
    expect(await scrub.recordings('', 10)).toEqual([])
    expect(await scrub.recordingsById([publication.recording.id])).toEqual([])
  })

  it.each([true, false])('queues the source files of a recording again, if they are there (%s)', async (isThere) => {
    // Any file of this machine; the store does not read it.
    const path = isThere ? import.meta.filename : '/nowhere.wav'
    const file = foundSource('a.wav', { path })
    const { sources, scrub } = await open()
    const ingested = ingestedOf({ title: 'Again', release: 'Release' })
    const { recordingId } = ingested.facts
    await sources.add(file, at)
    for (const stage of ['playable', 'complete'] as const) {
      const job = await sources.claim({ owner: 'one', until: parseUnixMs(at + 1000), now: at })
      const outcome = stage === 'playable' ? ({ kind: stage, ...ingested } as const) : ({ kind: stage } as const)
      await sources.finish({ id: job?.id ?? '', owner: 'one', stage }, outcome, at)
    }
    expect(await sources.claim({ owner: 'one', until: parseUnixMs(at + 1000), now: at })).toBeUndefined()
    expect(await scrub.makeAgain(recordingId, false)).toBe(isThere ? 1 : 0)
    const job = await sources.claim({ owner: 'one', until: parseUnixMs(at + 1000), now: at })
    if (!isThere) {
      expect(job).toBeUndefined()
      // With the master in its place, the job can be done.
      expect(await scrub.makeAgain(recordingId, true)).toBe(1)
      expect(await sources.claim({ owner: 'one', until: parseUnixMs(at + 1000), now: at })).toMatchObject({ path })
      return
    }
    expect(job).toMatchObject({ path: file.path, stage: 'playable' })
    // It is being worked on: that must not be disturbed.
    expect(await scrub.makeAgain(recordingId, true)).toBe(1)
    expect(
      await sources.heartbeat({ id: job?.id ?? '', owner: 'one', until: parseUnixMs(at + 2000), step: 'probing' }),
    ).toBe(true)
    expect(await scrub.makeAgain(randomRecordingId(), true)).toBe(0)
  })
}
