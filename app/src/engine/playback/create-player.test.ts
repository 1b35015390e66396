import { parseArtistId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import { toBase64Url } from '@tonestead/protocol/bytes'
import type { Track } from '@tonestead/protocol/catalog'
import { describe, expect, test } from 'vitest'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createMemoryPlayStore } from '../../platform/browser-storage/memory-play-store.ts'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { createSilentAudioOutput } from '../../platform/audio/silent-audio-output.ts'
import type { MediaAction } from '../../ports/media-controls.ts'
import type { FromWorker, ToWorker } from '../../ports/stream-worker.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import type { LicenseHolder } from '../licensing/license-holder.ts'
import { createSettings } from '../settings/create-settings.ts'
import { noiseRecording, type TestRecording } from '../streaming/recording.testkit.ts'
import { createPlayer } from './create-player.ts'
import { createPlaySetup } from './play-setup.ts'
import { createQueuePersistence } from './queue-persistence.ts'
import { createPlaybackDeck } from './playback-deck.ts'

const recording: Promise<TestRecording> = noiseRecording(30)
const letters = 'abcdefgh'

const trackOf = (made: TestRecording, index: number): Track => ({
  id: parseTrackId(letters.charAt(index).repeat(26)),
  recordingId: parseRecordingId(letters.charAt(index).repeat(26)),
  title: `Track ${index}`,
  credits: [{ id: parseArtistId('a'.repeat(26)), name: 'Somebody', join: '' }],
  release: { id: parseReleaseId('a'.repeat(26)), title: 'Release' },
  disc: 1,
  position: index + 1,
  durationMs: 30_000,
  heads: { aac: toBase64Url(made.signedHead) },
})

const createWorld = async (values: ValueStore = createMemoryValueStore()) => {
  const made = await recording
  const clock = createManualClock()
  const output = createSilentAudioOutput(clock, () => 30_000)
  const posted: ToWorker[] = []
  const fromWorker: ((message: FromWorker) => void)[] = []
  const actions: ((action: MediaAction) => void)[] = []
  const isOnline = createCell(true)
  const path: { isGood: boolean | undefined; fallback: string | undefined } = { isGood: undefined, fallback: undefined }
  const license: { outcome: Awaited<ReturnType<LicenseHolder['ensure']>> } = { outcome: 'held' }
  const licenses: LicenseHolder = { want: () => undefined, ensure: async () => license.outcome }
  const setup = createPlaySetup({
    plays: createMemoryPlayStore(),
    clock,
    random: createSeededRandom(1),
    log,
    canPlayFlac: true,
  })
  const worker = {
    state: () => 'ready' as const,
    onState: () => () => undefined,
    ready: async () => true,
    post: (message: ToWorker) => void posted.push(message),
    onMessage: (listener: (message: FromWorker) => void) => (fromWorker.push(listener), () => undefined),
    activateUpdate: () => undefined,
  }
  const settings = await createSettings(values, log)
  const player = createPlayer({
    createDeck: (on) =>
      createPlaybackDeck(
        {
          output,
          setup,
          worker,
          licenses,
          clock,
          log,
          serverKey: async () => made.serverKey,
          isOnline: () => isOnline.get(),
          withoutWorker: async () => path.fallback,
          isPathGood: () => path.isGood,
        },
        on,
      ),
    setup,
    persistence: createQueuePersistence({ values, clock, log }),
    licenses,
    library: { track: async () => ({ kind: 'offline' }) },
    settings,
    controls: {
      setMedia: () => undefined,
      setState: () => undefined,
      onAction: (listener) => void actions.push(listener),
    },
    isOnline,
    clock,
    random: createSeededRandom(2),
    log,
    onPlayWanted: () => undefined,
    prefetch: () => void posted.push({ kind: 'prefetch', signedHead: made.signedHead, serverKey: made.serverKey }),
  })
  await player.start()
  const tracks = [0, 1, 2].map((index) => trackOf(made, index))
  const playAll = (startAt?: number): void =>
    player.playTracks({ context: { kind: 'release', id: tracks[0]!.release.id }, tracks, startAt })
  const kind = (): string => player.view.get().state.kind
  const title = (): string | undefined => player.view.get().current?.title
  const reportFailure = (problem: string): void => {
    const playId = /([a-z2-7]{26})/.exec(output.opened.at(-1)!.url)![1]!
    fromWorker.forEach((listener) => listener({ kind: 'stream-failed', playId, problem }))
    output.opened.at(-1)!.emit({ kind: 'failed', cause: 'network' })
  }
  return {
    player,
    clock,
    output,
    posted,
    isOnline,
    license,
    path,
    settings,
    tracks,
    playAll,
    kind,
    title,
    reportFailure,
    act: (action: MediaAction) => actions.forEach((each) => each(action)),
    values,
  }
}

describe('the play button', () => {
  test('changes the state at once, before playback starts', async () => {
    const world = await createWorld()
    world.playAll()
    expect(world.kind()).toBe('loading')
    world.player.toggle()
    expect(world.kind()).toBe('paused')
    world.player.toggle()
    expect(world.kind()).toBe('loading')
    await world.clock.advance(100)
    expect(world.kind()).toBe('playing')
  })
  test('a pause while loading stays: nothing plays later by itself', async () => {
    const world = await createWorld()
    world.playAll()
    world.player.pause()
    await world.clock.advance(5000)
    expect(world.kind()).toBe('paused')
    expect(world.output.opened.every((sound) => !sound.state.isPlaying)).toBe(true)
  })
  test('every play has a URL of its own', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(100)
    world.playAll()
    await world.clock.advance(100)
    expect(new Set(world.output.opened.map((sound) => sound.url)).size).toBe(2)
    expect(world.output.opened[0]!.state.isClosed).toBe(true)
  })
})

describe('the queue', () => {
  test('tracks play one after the other, the next one is prepared before the end, and the last one is paused at its start', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(20_000)
    expect(world.output.opened.length).toBe(2)
    await world.clock.advance(11_000)
    expect(world.title()).toBe('Track 1')
    expect(world.kind()).toBe('playing')
    expect(world.output.opened.length).toBe(2)
    await world.clock.advance(62_000)
    expect([world.title(), world.kind(), world.player.positionMs()]).toEqual(['Track 2', 'paused', 0])
  })
  test('next, and previous: the start of the track after 3 s of it, else the previous track', async () => {
    const world = await createWorld()
    world.playAll()
    world.player.next()
    await world.clock.advance(5000)
    expect(world.title()).toBe('Track 1')
    world.player.previous()
    expect([world.title(), world.player.positionMs()]).toEqual(['Track 1', 0])
    world.player.previous()
    expect(world.title()).toBe('Track 0')
  })
  test('repeat one plays the track again', async () => {
    const world = await createWorld()
    world.playAll()
    world.player.setRepeat('one')
    await world.clock.advance(32_000)
    expect([world.title(), world.kind()]).toEqual(['Track 0', 'playing'])
  })
  test('after the current track is removed the next one plays', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(1000)
    world.player.remove(world.player.view.get().queue.currentId!)
    await world.clock.advance(1000)
    expect([world.title(), world.kind()]).toEqual(['Track 1', 'playing'])
  })
  test('the first chunks of the next track are fetched once, well before it plays', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(9000)
    expect(world.posted.filter((message) => message.kind === 'prefetch').length).toBe(1)
  })
})

describe('position', () => {
  test('is reported to the worker every second, and at once after a seek', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(3500)
    const positions = (): ToWorker[] => world.posted.filter((message) => message.kind === 'position')
    expect(positions().length).toBeGreaterThanOrEqual(3)
    world.player.seek(20_000)
    expect(positions().at(-1)).toMatchObject({ positionMs: 20_000, isPlaying: true })
    expect(Math.round(world.player.positionMs())).toBe(20_000)
  })
  test('queue and position are restored after a reload, paused', async () => {
    const first = await createWorld()
    first.playAll(1)
    first.player.setVolume(0.5)
    await first.clock.advance(8200)
    const second = await createWorld(first.values)
    expect([second.title(), second.kind(), second.player.view.get().volume]).toEqual(['Track 1', 'paused', 0.5])
    expect(Math.abs(second.player.positionMs() - 8000)).toBeLessThan(1001)
    second.player.toggle()
    await second.clock.advance(100)
    expect(second.kind()).toBe('playing')
    expect(second.output.opened[0]!.startMs).toBeGreaterThan(6000)
    second.player.next()
    const { tracks, queue } = second.player.view.get()
    expect([tracks.get(queue.entries[0]!.trackId)?.title, second.title()]).toEqual(['Track 0', 'Track 2'])
  })
})

test('after a reload the restored queue can be played and changed', async () => {
  const first = await createWorld()
  first.playAll(1)
  await first.clock.advance(1000)
  const second = await createWorld(first.values)
  second.player.next()
  await second.clock.advance(1000)
  expect([second.title(), second.kind()]).toEqual(['Track 2', 'playing'])
  second.player.addToQueue([second.tracks[0]!])
  expect(second.player.view.get().queue.entries.length).toBe(4)
  second.player.clearUpcoming()
  expect(second.player.view.get().queue.entries.length).toBe(3)
})

describe('failures', () => {
  test('after a network error in the middle of a track playback goes on at the position, with another URL', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(10_050)
    world.reportFailure('chunk-gone')
    await world.clock.advance(1000)
    expect(world.kind()).toBe('playing')
    expect(world.output.opened.at(-1)!.startMs).toBeGreaterThan(9000)
    expect(world.output.opened[0]!.url).not.toBe(world.output.opened.at(-1)!.url)
  })
  test('the number of retries is bounded, and the last failure shows its cause', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(100)
    for (const afterMs of [300, 1000, 3000, 6000, 0]) {
      world.reportFailure('unreachable')
      await world.clock.advance(afterMs + 100)
    }
    expect(world.player.view.get().state).toMatchObject({ kind: 'failed', problem: 'server-unreachable' })
  })
  test('a failure that a retry cannot cure is shown at once', async () => {
    const cases = [
      ['chunk-damaged', 'chunk-damaged'],
      ['offline', 'offline-not-kept'],
      ['key-missing', 'not-permitted'],
      ['license-expired', 'license-expired'],
    ] as const
    for (const [code, problem] of cases) {
      const world = await createWorld()
      world.playAll()
      await world.clock.advance(100)
      world.reportFailure(code)
      await world.clock.advance(10)
      expect(world.player.view.get().state).toMatchObject({ kind: 'failed', problem })
    }
  })
  test('a denied license stops the track', async () => {
    const world = await createWorld()
    world.license.outcome = 'denied'
    world.playAll()
    await world.clock.advance(500)
    expect(world.player.view.get().state).toMatchObject({ kind: 'failed', problem: 'not-permitted' })
  })
  test('what failed because the server was away plays when it is back', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(100)
    world.isOnline.set(false)
    world.reportFailure('offline')
    await world.clock.advance(10)
    world.isOnline.set(true)
    await world.clock.advance(100)
    expect(world.kind()).toBe('playing')
  })
  test('when the autoplay policy wants a click, the same sound plays after it', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(10)
    world.output.opened[0]!.emit({ kind: 'blocked' })
    expect(world.player.view.get().state).toMatchObject({ kind: 'failed', problem: 'autoplay-blocked' })
    world.player.toggle()
    await world.clock.advance(200)
    expect(world.kind()).toBe('playing')
    expect(world.output.opened.length).toBe(1)
  })
  test('`ended` long before the end is a broken stream, not an end', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(10_000)
    world.output.opened[0]!.emit({ kind: 'ended' })
    await world.clock.advance(1000)
    expect([world.title(), world.kind()]).toEqual(['Track 0', 'playing'])
  })
})

describe('loudness', () => {
  test('a loud track is attenuated to the reference loudness, unless the setting is off', async () => {
    const world = await createWorld()
    world.playAll()
    await world.clock.advance(100)
    // −10 LUFS against −14: −4 dB.
    expect(world.output.opened[0]!.state.volume).toBeCloseTo(10 ** (-4 / 20), 3)
    world.settings.change({ loudness: 'off' })
    expect(world.output.opened[0]!.state.volume).toBe(1)
    world.player.setMuted(true)
    expect(world.output.opened[0]!.state.volume).toBe(0)
  })
})

test('where the service worker cannot serve the file another URL is used, and without one the player fails', async () => {
  const world = await createWorld()
  world.path.isGood = false
  world.playAll()
  await world.clock.advance(100)
  expect(world.player.view.get().state).toMatchObject({ kind: 'failed', problem: 'player-failed' })
  world.path.fallback = 'blob:whole'
  world.player.toggle()
  await world.clock.advance(100)
  expect([world.kind(), world.output.opened.at(-1)!.url]).toEqual(['playing', 'blob:whole'])
})

test('media keys do the same as the buttons', async () => {
  const world = await createWorld()
  world.playAll()
  await world.clock.advance(5000)
  world.act({ kind: 'skip', byMs: 10_000 })
  expect(Math.round(world.player.positionMs() / 1000)).toBe(15)
  world.act({ kind: 'pause' })
  expect(world.kind()).toBe('paused')
  world.act({ kind: 'next' })
  expect(world.title()).toBe('Track 1')
})
