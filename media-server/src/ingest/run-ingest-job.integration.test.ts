import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { openChunk } from '@tonestead/protocol/chunk'
import { decodeManifestTail, maxSignedHeadBytes, openManifestHead } from '@tonestead/protocol/manifest'
import { aacRenditions } from '@tonestead/protocol/rendition'
import { readSegmentFrames } from '@tonestead/protocol/segment'
import { describe, expect, it } from 'vitest'
import { hasAllObjects, hasMaster, objectsOf } from '../encoding/recording-objects.ts'
import { decodeMasterList, openMasterPart } from '../encoding/seal-master.ts'
import { systemClock } from '../platform/system-clock.ts'
import { wavOf } from '../ports/transcoder.contract.ts'
import { runIngestJob } from './run-ingest-job.ts'
import { openIngest, transcodersHere, type DoneJob } from './ingest.testkit.ts'

const signal = new AbortController().signal
const [transcoder] = await transcodersHere()
const wave = { rateHz: 44_100, channels: 2, bits: 16, seconds: 7.1 } as const

const makeAlbum = async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'tonestead-album-')), 'The Larks', 'First Light (2019)')
  await mkdir(folder, { recursive: true })
  const path = join(folder, '03 - Morning.wav')
  await writeFile(path, wavOf(wave))
  await writeFile(
    join(folder, 'cover.png'),
    await sharp({ create: { width: 600, height: 600, channels: 3, background: '#336699' } })
      .png()
      .toBuffer(),
  )
  return { path, name: 'The Larks/First Light (2019)/03 - Morning.wav' }
}

const done = (outcome: Awaited<ReturnType<Awaited<ReturnType<typeof openIngest>>['ingest']>>): DoneJob => {
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code} ${outcome.detail ?? ''}`)
  return outcome
}

describe.skipIf(transcoder === undefined)('ingesting one file', () => {
  it('makes lost objects again from the master when the file is not there, with the same ids and facts', async () => {
    const kit = await openIngest(transcoder!)
    const album = await makeAlbum()
    const { recordingId } = done(await kit.ingest(album.path, 'playable', album.name))
    done(await kit.ingest(album.path, 'complete', album.name))
    const stored = (await kit.catalog.madeRecording(recordingId))!
    const releases = await kit.catalog.releases({ limit: 5, sort: 'name' }, 'listeners')
    const { ids } = await objectsOf(kit.objects, stored, signal)
    await rm(album.path)
    for (const id of [ids.at(0)!, ids.at(-1)!]) await kit.objects.delete(id, signal)
    expect(await hasAllObjects(kit.objects, stored, signal)).toBe(false)
    expect(await kit.scrub.makeAgain(recordingId, await hasMaster(kit, recordingId, signal))).toBe(1)
    const outcomes: string[] = []
    for (const stage of ['playable', 'complete'] as const) {
      const now = systemClock.now()
      const job = (await kit.sources.claim({ owner: 'w', until: parseUnixMs(now + 60_000), now }))!
      expect(job.stage).toBe(stage)
      const outcome = await runIngestJob(kit, job, { signal, onStep: () => undefined })
      outcomes.push(outcome.kind)
      await kit.sources.finish({ id: job.id, owner: 'w', stage }, outcome, now)
    }
    expect(outcomes).toEqual(['repaired', 'complete'])
    expect(await hasAllObjects(kit.objects, stored, signal)).toBe(true)
    expect((await kit.catalog.madeRecording(recordingId))?.heads).toEqual(stored.heads)
    expect(await kit.catalog.releases({ limit: 5, sort: 'name' }, 'listeners')).toEqual(releases)
    expect(await readdir(kit.workFolder)).toEqual([])
    await kit.close()
  })

  it('publishes a playable track first and the other renditions later, with the same ids and chunks', async () => {
    const kit = await openIngest(transcoder!)
    const album = await makeAlbum()
    const first = done(await kit.ingest(album.path, 'playable', album.name))
    const firstRecording = await kit.catalog.recording(first.recordingId, 'listeners')
    const firstHead = await openManifestHead(crypto.subtle, kit.publicKey, firstRecording!.heads.aac)
    expect(firstHead?.renditions.map((rendition) => rendition.name)).toEqual(['aac-128'])

    expect(done(await kit.ingest(album.path, 'complete', album.name))).toEqual(first)
    const recording = await kit.catalog.recording(first.recordingId, 'listeners')
    const head = await openManifestHead(crypto.subtle, kit.publicKey, recording!.heads.aac)
    expect(head?.renditions.map((rendition) => rendition.name)).toEqual(aacRenditions)
    expect(head?.renditions.find(({ name }) => name === 'aac-128')?.first).toEqual(firstHead?.renditions[0]?.first)
    expect(recording!.heads.aac.length).toBeLessThanOrEqual(maxSignedHeadBytes)
    const flac = await openManifestHead(crypto.subtle, kit.publicKey, recording!.heads.flac!)
    expect(flac).toMatchObject({ sampleRateHz: 44_100, totalSamples: 313_110, encoderDelay: 0, bitsPerSample: 16 })
    await kit.close()
  })

  it('describes the track by file and folder names, with the folder’s cover in every size', async () => {
    const kit = await openIngest(transcoder!)
    const album = await makeAlbum()
    const { trackId } = done(await kit.ingest(album.path, 'playable', album.name))
    const track = await kit.catalog.track(trackId, 'listeners')
    expect(track).toMatchObject({
      title: 'Morning',
      position: 3,
      disc: 1,
      credits: [{ name: 'The Larks' }],
      release: { title: 'First Light', cover: { color: '#336699' } },
    })
    for (const size of [96, 320, 1024] as const) {
      const bytes = await kit.coverStore.get({ id: track!.release.cover!.id, size, format: 'jpg' })
      expect((await sharp(bytes).metadata()).width).toBe(size)
    }
    await kit.close()
  })

  it('seals chunks that decrypt with the recording’s key to the frames that the tail lists', async () => {
    const kit = await openIngest(transcoder!)
    const album = await makeAlbum()
    const { recordingId } = done(await kit.ingest(album.path, 'playable', album.name))
    const recording = await kit.catalog.recording(recordingId, 'listeners')
    const head = await openManifestHead(crypto.subtle, kit.publicKey, recording!.heads.aac)
    const tail = decodeManifestTail((await kit.objects.get(head!.tail.id, signal))!, head!)
    const content = await kit.contentKeys.get(recordingId, head!.keyVersion)
    const key = await crypto.subtle.importKey('raw', content!.key, 'AES-CBC', false, ['decrypt'])
    let frames = 0
    for (const [index, ref] of tail.renditions[0]!.entries()) {
      const chunk = await kit.objects.get(ref.id, signal)
      expect(chunk!.length).toBe(ref.sizeBytes)
      const segment = await openChunk(crypto.subtle, key, {
        address: { recordingId, keyVersion: head!.keyVersion, rendition: 'aac-128', index },
        chunk: chunk!,
      })
      const found = readSegmentFrames(segment)
      expect(Math.max(...found.map((frame) => frame.length))).toBeLessThanOrEqual(head!.largestFrameBytes)
      frames += found.length
    }
    expect(frames).toBe(Math.ceil((head!.encoderDelay + head!.totalSamples) / 1024))
    await kit.close()
  })

  it('stores the source file sealed as the master, with a key that listeners never get', async () => {
    const kit = await openIngest(transcoder!)
    const album = await makeAlbum()
    await kit.ingest(album.path, 'playable', album.name)
    const { recordingId, sha256 } = done(await kit.ingest(album.path, 'complete', album.name))
    const list = decodeMasterList((await kit.masters.get(recordingId))!)
    const masterId = kit.ids.master(sha256)
    const contentKey = (await kit.contentKeys.get(masterId, list.keyVersion))!
    const hash = createHash('sha256')
    for (const [index, part] of list.parts.entries())
      hash.update(await openMasterPart({ masterId, contentKey }, index, (await kit.objects.get(part.id, signal))!))
    expect(hash.digest('hex')).toBe(
      createHash('sha256')
        .update(await readFile(album.path))
        .digest('hex'),
    )
    expect((await kit.contentKeys.currentOrNew(recordingId)).key).not.toEqual(contentKey.key)
    await kit.close()
  })

  it('encodes nothing again for the same bytes under another name', async () => {
    const kit = await openIngest(transcoder!)
    const album = await makeAlbum()
    const first = done(await kit.ingest(album.path, 'playable', album.name))
    const before = await kit.catalog.recording(first.recordingId, 'listeners')
    const copy = `${album.path}.copy.wav`
    await writeFile(copy, await readFile(album.path))
    const second = done(await kit.ingest(copy, 'playable', album.name))
    expect(second).toEqual(first)
    expect((await kit.catalog.recording(first.recordingId, 'listeners'))?.heads).toEqual(before?.heads)
    await kit.close()
  })
})
