import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChunkId } from '@tonestead/crdt/ids'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { objectsOf } from '../encoding/recording-objects.ts'
import { openInstanceSecrets } from '../platform/files/fs-instance-secrets.ts'
import { openCoverStore } from '../platform/open-cover-store.ts'
import { openDatabase } from '../open-database.ts'
import { openMasterStore } from '../platform/open-master-store.ts'
import { openObjectStore } from '../platform/open-object-store.ts'
import { openScrubStateStore } from '../platform/open-scrub-state-store.ts'
import { systemClock } from '../platform/system-clock.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { publishSynthetic } from '../synthetic-recording.testkit.ts'
import { createScrubber, readScrubState } from './scrubber.ts'

const recordings = 45
const signal = new AbortController().signal
let data: string
let objects: ObjectStore
let stores: Awaited<ReturnType<typeof openDatabase>>
let published: Awaited<ReturnType<typeof publishSynthetic>>[]

const pathOf = (id: ChunkId) => join(data, 'objects', id.slice(0, 2), id.slice(2, 4), id)
const states = () => openScrubStateStore(data)
const scrubber = (wait: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) =>
  createScrubber({
    source: stores.scrub,
    objects,
    masters: openMasterStore(data),
    covers: openCoverStore(data),
    states: states(),
    clock: systemClock,
    wait,
  })
const objectsOfRecording = async (index: number) =>
  (await objectsOf(objects, { ...published[index]!.recording, waveform: undefined }, signal)).ids
const flip = async (id: ChunkId): Promise<void> => {
  const bytes = await readFile(pathOf(id))
  bytes[bytes.length >> 1]! ^= 0x10
  await writeFile(pathOf(id), bytes)
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'tonestead-scrub-'))
  const secrets = await openInstanceSecrets(data, false)
  stores = await openDatabase({ dataFolder: data, secrets, at: 1 })
  objects = await openObjectStore(data)
  published = []
  for (let index = 0; index < recordings; index += 1) {
    const made = await publishSynthetic(
      { stores, objects, secrets },
      { title: `${index}`, release: 'R', artist: 'Ann' },
    )
    published.push(made)
  }
  // The covers of these test publications do not exist.
  for (const size of [96, 320, 1024] as const)
    for (const format of ['webp', 'jpg'] as const)
      await openCoverStore(data).put(
        { id: published[0]!.release.cover!.id, size, format },
        format === 'jpg'
          ? new Uint8Array([0xff, 0xd8, 0xff, 0xd9])
          : new Uint8Array([...Buffer.from('RIFF'), 4, 0, 0, 0, ...Buffer.from('WEBP')]),
      )
})
afterEach(async () => {
  await stores.close()
  await rm(data, { recursive: true, force: true })
})

const wholeRound = async (): Promise<void> => {
  const one = scrubber()
  while ((await one.step(signal)) === 'more');
}

it('finds nothing where everything is sound', async () => {
  await wholeRound()
  const state = await readScrubState(states())
  expect(state.findings).toEqual([])
  expect(state.finishedAt).toBeGreaterThan(0)
  expect(state.checkedObjects).toBe(
    (await Promise.all(published.map((_, index) => objectsOfRecording(index)))).flat().length,
  )
})

it('finds missing, truncated and altered objects, and takes the damaged ones away without deleting them', async () => {
  const [first, second, third] = [
    await objectsOfRecording(0),
    await objectsOfRecording(7),
    await objectsOfRecording(30),
  ]
  await rm(pathOf(first[1]!))
  await writeFile(pathOf(second[2]!), (await readFile(pathOf(second[2]!))).subarray(0, 100))
  // The tail is the first object: without it the chunks are not known.
  await flip(third[0]!)
  await wholeRound()
  const { findings } = await readScrubState(states())
  expect(findings.toSorted((a, b) => a.damaged - b.damaged || a.missing - b.missing)).toEqual(
    expect.arrayContaining([
      { recording: published[0]!.recording.id, missing: 1, damaged: 0, isQueued: false },
      { recording: published[7]!.recording.id, missing: 0, damaged: 1, isQueued: false },
      { recording: published[30]!.recording.id, missing: 0, damaged: 1, isQueued: false },
    ]),
  )
  expect(findings).toHaveLength(3)
  expect((await readdir(join(data, 'objects', 'damaged'))).toSorted()).toEqual([second[2]!, third[0]!].toSorted())
})

it('finds an altered cover, and gives one of an earlier version its hash when it is complete', async () => {
  const { id } = published[0]!.release.cover!
  const picture = join(data, 'covers', id.slice(0, 2), id, '320.jpg')
  const findings = async () => (await readScrubState(states())).findings
  await rm(`${picture}.sha256`)
  await wholeRound()
  expect(await findings()).toEqual([])
  const sound = new Uint8Array(await readFile(picture))
  // Complete, but other bytes than were put.
  await writeFile(picture, new Uint8Array([0xff, 0xd8, 0x42, 0xff, 0xd9]))
  await wholeRound()
  const found = await findings()
  // All recordings here are on the release of this cover.
  expect(found).toHaveLength(recordings)
  expect(found[0]).toMatchObject({ missing: 0, damaged: 1 })
  expect(await openCoverStore(data).get({ id, size: 320, format: 'jpg' })).toBeUndefined()
  await openCoverStore(data).put({ id, size: 320, format: 'jpg' }, sound)
  await scrubber().recheck(signal)
  expect(await findings()).toEqual([])
})

it('goes on where it was interrupted', async () => {
  const stop = new AbortController()
  let waits = 0
  const one = scrubber((stopping) => {
    waits += 1
    if (waits === 250) stop.abort()
    stopping.throwIfAborted()
    return Promise.resolve()
  })
  await expect(
    (async () => {
      while ((await one.step(stop.signal)) === 'more');
    })(),
  ).rejects.toThrow()
  const { position, checkedObjects } = await readScrubState(states())
  expect(position).not.toBe('')
  expect(checkedObjects).toBeGreaterThan(0)
  let read = 0
  const other = scrubber(() => {
    read += 1
    return Promise.resolve()
  })
  while ((await other.step(signal)) === 'more');
  expect((await readScrubState(states())).checkedObjects).toBe(checkedObjects + read)
})

it('forgets a finding when the object is there again', async () => {
  const [, chunk] = await objectsOfRecording(3)
  const bytes = new Uint8Array(await readFile(pathOf(chunk!)))
  await flip(chunk!)
  await wholeRound()
  expect((await readScrubState(states())).findings).toHaveLength(1)
  await objects.put(bytes, signal)
  await scrubber().recheck(signal)
  expect((await readScrubState(states())).findings).toEqual([])
})

it('begins again when its state is damaged', async () => {
  await writeFile(join(data, 'scrub.json'), '{"position": 4')
  await wholeRound()
  expect((await readScrubState(states())).finishedAt).toBeGreaterThan(0)
})
