import { currentAnchor, currentToken, type PlaybackDocument } from '@tonestead/crdt/listening/playback-document'
import { parseDurationMs } from '@tonestead/crdt/instant'
import { parseQueueEntryId } from '@tonestead/crdt/ids'
import { expect, test } from 'vitest'
import { createCell } from '../cell.ts'
import type { PlaybackState } from '../playback/playback-state.ts'
import { catalogIdOf } from '../saved/catalog-samples.testkit.ts'
import { createListeningWorld, deviceNamed } from './listening.testkit.ts'
import { startPositionMirror } from './position-mirror.ts'

const entryId = parseQueueEntryId(catalogIdOf('entry'))

const start = (world = createListeningWorld()) => {
  const view = createCell<{ readonly state: PlaybackState }>({ state: { kind: 'idle' } })
  const position = { ms: 0 }
  startPositionMirror({ ...world, view, positionMs: () => position.ms })
  const { clock, documents } = world
  return {
    ...world,
    position,
    playing: () =>
      view.set({
        state: {
          kind: 'playing',
          entryId,
          anchor: { positionMs: parseDurationMs(position.ms), at: clock.now(), rate: 1 },
        },
      }),
    paused: () => view.set({ state: { kind: 'paused', entryId, positionMs: position.ms } }),
    document: (): PlaybackDocument => {
      const shown = documents.view<'playback'>({ address: { kind: 'playback' } }).get()
      if (shown.kind !== 'open') throw new Error('the playback is not open')
      return shown.document
    },
  }
}

test('[KP1] a device that plays takes the token and says where it is, and the position of a pause', async () => {
  const { playing, paused, position, clock, document, deviceId } = start()
  playing()
  position.ms = 5_100.4
  await clock.advance(5_100)
  expect(currentToken(document())).toEqual({ epoch: 1, to: deviceId })
  expect(currentAnchor(document())).toMatchObject({
    device: deviceId,
    anchor: { epoch: 1, entry: entryId, positionMs: 5_100, rate: 1 },
  })
  position.ms = 9_000
  paused()
  await clock.advance(5_100)
  expect(currentAnchor(document())?.anchor).toMatchObject({ epoch: 1, positionMs: 9_000, rate: 0 })
})

test('[KP1] the device that plays next takes the token with a higher epoch, and the other one writes no more', async () => {
  const world = createListeningWorld()
  const first = start(world)
  first.playing()
  await world.clock.advance(5_100)
  const second = start({ ...world, deviceId: deviceNamed('b') })
  second.position.ms = 70_000
  second.playing()
  await world.clock.advance(5_100)
  expect(currentToken(first.document())).toEqual({ epoch: 2, to: deviceNamed('b') })
  first.paused()
  await world.clock.advance(5_100)
  expect(currentAnchor(first.document())).toMatchObject({
    device: deviceNamed('b'),
    anchor: { positionMs: 70_000, epoch: 2 },
  })
})

test('[KP2] a restored position writes nothing, and that the music goes on writes nothing either', async () => {
  const { playing, paused, position, clock, documents } = start()
  paused()
  await clock.advance(60_000)
  expect(documents.edits).toEqual([])
  playing()
  for (let minute = 0; minute < 60; minute += 1) {
    position.ms += 60_000
    await clock.advance(60_000)
  }
  expect(documents.edits.map(({ intent }) => intent.kind)).toEqual(['grantToken', 'setAnchor'])
})
