import { expect, test } from 'vitest'
import { createFakeCatalog } from '../testkit/fake-catalog.testkit.ts'
import { createFakeLibrary, type FakeLibraryMode } from '../testkit/fake-library.testkit.ts'
import { createWholeTracks } from './whole-tracks.ts'

const catalog = createFakeCatalog(20)
const ids = catalog.tracks.map((track) => track.id)
const absent = 'gone'.padEnd(26, 'a') as (typeof ids)[number]

const start = (mode: () => FakeLibraryMode = () => 'ready') =>
  createWholeTracks({
    library: createFakeLibrary(catalog, mode, 0),
    rest: () => Promise.resolve(),
    onFailure: (cause) => {
      throw cause
    },
  })

test('the tracks of the rows that are shown are loaded, more than one request holds too, and what the server does not have is gone', async () => {
  const whole = start()
  whole.show([absent, ...ids.slice(0, 70)])
  await expect.poll(() => whole.view.get().tracks.size).toBe(70)
  expect([...whole.view.get().gone]).toEqual([absent])
})

test('without a server nothing is called gone, and what was asked for is loaded when the server is back', async () => {
  let mode: FakeLibraryMode = 'offline'
  const whole = start(() => mode)
  await whole.need([absent, ...ids.slice(0, 3)])
  whole.show([absent, ...ids.slice(0, 3)])
  expect(whole.view.get()).toEqual({ tracks: new Map(), gone: new Set() })
  mode = 'ready'
  whole.again()
  await expect.poll(() => whole.view.get().tracks.size).toBe(3)
  expect(whole.view.get().gone.size).toBe(1)
})

test('a cached answer without some tracks does not say that they are gone', async () => {
  const library = createFakeLibrary(catalog, () => 'ready', 0)
  const whole = createWholeTracks({
    library: { ...library, track: () => Promise.resolve({ kind: 'offline' }) },
    rest: () => Promise.resolve(),
    onFailure: () => undefined,
  })
  await whole.need([absent, ...ids.slice(0, 3)])
  expect(whole.view.get().tracks.size).toBe(3)
  expect(whole.view.get().gone.size).toBe(0)
})
