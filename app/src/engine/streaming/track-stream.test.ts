import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChunkId } from '@tonestead/crdt/ids'
import { concat, type Bytes } from '@tonestead/protocol/bytes'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createManualClock, type ManualClock } from '../../platform/system/manual-clock.ts'
import { createMemoryChunkStore } from '../../platform/browser-storage/memory-chunk-store.ts'
import { createMemoryPlayStore } from '../../platform/browser-storage/memory-play-store.ts'
import type { ChunkReply } from '../../ports/chunk-source.ts'
import type { PlayRecord } from '../../ports/play-store.ts'
import { createChunkReader } from './read-chunk.ts'
import { findFfmpeg, noiseRecording, toneRecording, type TestRecording } from './recording.testkit.ts'
import { createThroughput } from './throughput.ts'
import { createTrackStream, type StreamEvent, type TrackStream } from './track-stream.ts'

const playId = 'a'.repeat(26)

/** One device: its stores outlive its workers. */
const createDevice = (recording: TestRecording, settings: Partial<PlayRecord> = {}) => {
  const clock: ManualClock = createManualClock()
  const store = createMemoryChunkStore()
  const plays = createMemoryPlayStore()
  const requested: string[] = []
  const events: StreamEvent[] = []
  const answer: { of: (id: ChunkId, isAgain: boolean, signal: AbortSignal) => Promise<ChunkReply> } = {
    of: async (id) => {
      const bytes = recording.objects.get(id)
      return bytes === undefined ? { kind: 'gone' } : { kind: 'read', bytes: bytes.slice() }
    },
  }
  const record: PlayRecord = {
    playId,
    signedHead: recording.signedHead,
    serverKey: recording.serverKey,
    quality: 'auto',
    createdAtMs: 0,
    ...settings,
  }
  const startWorker = (): TrackStream => {
    const throughput = createThroughput()
    const source = {
      read: (id: ChunkId, options: { isAgain: boolean; signal: AbortSignal }) => (
        requested.push(id),
        answer.of(id, options.isAgain, options.signal)
      ),
    }
    const chunks = createChunkReader({ store, source, subtle: crypto.subtle, clock, throughput, log })
    return createTrackStream({
      plays,
      store,
      chunks,
      throughput,
      subtle: crypto.subtle,
      clock,
      log,
      contentKey: async () => recording.contentKey,
      notify: (event) => void events.push(event),
      isPaced: true,
    })
  }
  return {
    clock,
    store,
    plays,
    requested,
    events,
    answer,
    record,
    startWorker,
    begin: async () => (await plays.put(record), startWorker()),
  }
}

const readAll = async (body: ReadableStream<Uint8Array> | undefined): Promise<Bytes> => {
  const parts: Uint8Array[] = []
  for await (const part of body!) parts.push(part)
  return concat(...parts)
}
const readRange = async (stream: TrackStream, start: number, end: number): Promise<Bytes> =>
  readAll((await stream.respond(playId, `bytes=${start}-${end}`)).body)

let short: TestRecording
beforeAll(async () => {
  short = await noiseRecording(10, 40)
})

describe('answers', () => {
  test('[ST1] [ST3] no Range: 200 with the whole file, its length and no-store', async () => {
    const stream = await createDevice(short).begin()
    const reply = await stream.respond(playId, undefined)
    const whole = await readAll(reply.body)
    expect(reply.status).toBe(200)
    expect(reply.headers).toEqual({
      'content-type': 'audio/mp4',
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'content-length': String(whole.length),
    })
  })
  test('[ST1] an open end: 206 to the end of the file, exactly', async () => {
    const stream = await createDevice(short).begin()
    const whole = await readAll((await stream.respond(playId, undefined)).body)
    const reply = await stream.respond(playId, 'bytes=70000-')
    expect(reply.status).toBe(206)
    expect(reply.headers['content-range']).toBe(`bytes 70000-${whole.length - 1}/${whole.length}`)
    expect(await readAll(reply.body)).toEqual(whole.slice(70000))
  })
  test('[ST1] beyond the end: 416 with the length', async () => {
    const stream = await createDevice(short).begin()
    const reply = await stream.respond(playId, 'bytes=99999999-')
    expect(reply.status).toBe(416)
    expect(reply.headers['content-range']).toMatch(/^bytes \*\/\d+$/)
    expect(reply.body).toBeUndefined()
  })
  test('[ST3] headers and the header of the file do not wait for the network', async () => {
    const device = createDevice(short)
    device.answer.of = () => new Promise(() => undefined)
    const stream = await device.begin()
    const reply = await stream.respond(playId, 'bytes=0-1')
    expect(reply.headers['content-length']).toBe('2')
    expect((await readAll(reply.body)).length).toBe(2)
    expect(device.requested).toEqual([])
  })
  test('[ST3] an unknown play is a 404', async () => {
    expect((await createDevice(short).startWorker().respond('b'.repeat(26), undefined)).status).toBe(404)
  })
  test('[ST3] a head that another key signed is a 404, and the page is notified', async () => {
    const other = await noiseRecording(1, 40)
    const device = createDevice(short, { serverKey: other.serverKey })
    expect((await (await device.begin()).respond(playId, undefined)).status).toBe(404)
    expect(device.events).toEqual([{ kind: 'stream-failed', playId, problem: 'head-invalid' }])
  })
})

describe('the same bytes', () => {
  test('[ST4] any split into ranges, any number of worker restarts, any change of rendition', async () => {
    const device = createDevice(short)
    const first = await device.begin()
    const whole = await readAll((await first.respond(playId, undefined)).body)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(whole.length - 1), { maxLength: 8 }),
        fc.nat(3),
        fc.nat(),
        async (cuts, restartEvery, seed) => {
          let stream = device.startWorker()
          const edges = [...new Set([0, ...cuts, whole.length])].toSorted((a, b) => a - b)
          const ranges = edges.slice(0, -1).map((start, index) => ({ start, end: edges[index + 1]! - 1 }))
          const parts = new Map<number, Bytes>()
          for (const [index, range] of ranges
            .toSorted((a, b) => ((a.start * 7919 + seed) % 101) - ((b.start * 7919 + seed) % 101))
            .entries()) {
            if (restartEvery > 0 && index % restartEvery === 0) stream = device.startWorker()
            parts.set(range.start, await readRange(stream, range.start, range.end))
          }
          expect(concat(...ranges.map((range) => parts.get(range.start)!))).toEqual(whole)
        },
      ),
      { numRuns: 30 },
    )
  })
  test('[ST4] after a worker stopped in the middle of a slot the next one sends the rest in the same rendition, though the network is faster now', async () => {
    const device = createDevice(short)
    const stream = await device.begin()
    const head = await readRange(stream, 0, 60_000)
    const pinned = (await device.plays.get(playId))!.pins!
    const next = device.startWorker()
    const rest = await readAll((await next.respond(playId, 'bytes=60001-')).body)
    const again = await readAll((await device.startWorker().respond(playId, undefined)).body)
    expect(concat(head, rest)).toEqual(again)
    expect((await device.plays.get(playId))!.pins!.subarray(0, 1)).toEqual(pinned.subarray(0, 1))
  })
  test('[ST4] the pin is stored before the first byte of its slot is sent', async () => {
    const device = createDevice(short)
    const held = Promise.withResolvers<undefined>()
    const pin = device.plays.pin
    device.plays.pin = async (...args) => (await held.promise, pin(...args))
    const stream = await device.begin()
    const reader = (await stream.respond(playId, undefined)).body!.getReader()
    await reader.read()
    let isSent = false
    const slot = reader.read().then((part) => ((isSent = true), part))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(isSent).toBe(false)
    held.resolve(undefined)
    expect((await slot).value!.length).toBeGreaterThan(0)
  })
  test('[ST12] many small parallel ranges fetch each chunk once', async () => {
    const device = createDevice(short, { pattern: 'cycle' })
    const stream = await device.begin()
    const whole = await readAll((await stream.respond(playId, undefined)).body)
    const starts = Array.from({ length: 60 }, (_, index) => Math.floor((index * whole.length) / 60))
    const parts = await Promise.all(
      starts.map((start, index) => readRange(stream, start, (starts[index + 1] ?? whole.length) - 1)),
    )
    expect(concat(...parts)).toEqual(whole)
    expect(new Set(device.requested).size).toBe(device.requested.length)
  })
})

describe('damage and loss', () => {
  const damaged = (bytes: Bytes): Bytes => bytes.map((byte, index) => (index === 100 ? byte ^ 1 : byte))
  const bytesOf = (id: ChunkId): Bytes => short.objects.get(id)!.slice()

  test('[ST6] a chunk that arrives damaged is fetched again past the caches, and the bytes are right', async () => {
    const device = createDevice(short)
    const again: boolean[] = []
    device.answer.of = async (id, isAgain) => (
      again.push(isAgain),
      { kind: 'read', bytes: isAgain ? bytesOf(id) : damaged(bytesOf(id)) }
    )
    const stream = await device.begin()
    const reference = await readAll((await (await createDevice(short).begin()).respond(playId, 'bytes=0-90000')).body)
    expect(await readRange(stream, 0, 90_000)).toEqual(reference)
    expect(again.slice(0, 2)).toEqual([false, true])
  })
  test('[ST6] [ST13] a chunk that arrives damaged twice fails the stream, and no byte of the slot is sent', async () => {
    const device = createDevice(short)
    device.answer.of = async (id) => ({ kind: 'read', bytes: damaged(bytesOf(id)) })
    const stream = await device.begin()
    const parts: Uint8Array[] = []
    await expect(async () => {
      for await (const part of (await stream.respond(playId, undefined)).body!) parts.push(part)
    }).rejects.toThrow(/another hash twice/)
    expect(parts.length).toBe(1)
    expect(device.events.at(-1)).toEqual({ kind: 'stream-failed', playId, problem: 'chunk-damaged' })
    expect(await device.store.has(short.head.renditions[0]!.first[0]!.id)).toBe(false)
  })
  test('[ST6] a chunk that is damaged in the cache is deleted, fetched and cached again', async () => {
    const device = createDevice(short)
    const ref = short.head.renditions[0]!.first[0]!
    await device.store.put(ref.id, damaged(bytesOf(ref.id)))
    const stream = await device.begin()
    await readRange(stream, 0, 20_000)
    expect(device.requested[0]).toBe(ref.id)
    expect(await device.store.get(ref.id, AbortSignal.timeout(1000))).toEqual(bytesOf(ref.id))
  })
  test('[ST6] cached chunks play without a network, after a restart too', async () => {
    const device = createDevice(short)
    const whole = await readAll((await (await device.begin()).respond(playId, undefined)).body)
    device.answer.of = async () => ({ kind: 'unreachable', isOffline: true })
    const other = { ...device.record, playId: 'c'.repeat(26) }
    await device.plays.put(other)
    device.requested.length = 0
    const stream = device.startWorker()
    expect((await readAll((await stream.respond(other.playId, undefined)).body)).length).toBe(whole.length)
    expect(await readAll((await stream.respond(playId, undefined)).body)).toEqual(whole)
    expect(device.requested).toEqual([])
  })
  test('[ST14] offline and not cached: the stream fails at once, and the page is notified', async () => {
    const device = createDevice(short)
    device.answer.of = async () => ({ kind: 'unreachable', isOffline: true })
    await expect(readRange(await device.begin(), 0, 5000)).rejects.toThrow()
    expect(device.events.at(-1)).toMatchObject({ problem: 'offline' })
  })
  test('[ST14] while the server is away in the middle of a track the slot is retried', async () => {
    const device = createDevice(short)
    const answer = device.answer.of
    const stream = await device.begin()
    const reader = (await stream.respond(playId, undefined)).body!.getReader()
    await reader.read()
    await reader.read()
    device.answer.of = async () => ({ kind: 'unreachable', isOffline: false })
    const next = reader.read()
    await device.clock.advance(600)
    device.answer.of = answer
    await device.clock.advance(1100)
    expect((await next).value!.length).toBeGreaterThan(0)
  })
  test('[ST2] a cancelled body aborts its transfer and is no failure', async () => {
    const device = createDevice(short)
    const [started, aborted] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    device.answer.of = (_id, _isAgain, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => (aborted.resolve(undefined), reject(signal.reason as Error)))
        started.resolve(undefined)
      })
    const stream = await device.begin()
    const reader = (await stream.respond(playId, undefined)).body!.getReader()
    await reader.read()
    void reader.read()
    await started.promise
    await reader.cancel()
    await aborted.promise
    expect(device.events.filter((item) => item.kind === 'stream-failed')).toEqual([])
  })
})

describe('look-ahead', () => {
  test('[ST7] slots beyond 60 s wait for the reported position, and for the clock where none is reported', async () => {
    const long = await noiseRecording(100, 150)
    const device = createDevice(long)
    const stream = await device.begin()
    let sent = 0
    const reading = (async () => {
      for await (const part of (await stream.respond(playId, undefined)).body!) sent += part.length > 0 ? 1 : 0
    })()
    const isSent = async (count: number): Promise<void> => {
      await expect.poll(() => sent, { timeout: 10_000 }).toBe(count)
      // One more slot would come soon.
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(sent).toBe(count)
    }
    // The header and the slots that start at 0, 3.2 … 57.6 s.
    await isSent(1 + 19)
    stream.onPosition(playId, { positionMs: 20_000, isPlaying: true })
    await isSent(1 + 26)
    stream.onPosition(playId, { positionMs: 20_000, isPlaying: false })
    await device.clock.advance(60_000)
    await isSent(1 + 26)
    stream.onPosition(playId, { positionMs: 20_000, isPlaying: true })
    await device.clock.advance(30_000)
    await reading
    expect(sent).toBe(1 + 32)
  })
})

const ffmpeg = findFfmpeg()

test.skipIf(ffmpeg === undefined)(
  '[ST8] [ST9] ffmpeg decodes the virtual file with another rendition in every slot: without a warning, every sample in its place',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tonestead-flat-'))
    try {
      const tone = await toneRecording(ffmpeg!, 20.5)
      const stream = await createDevice(tone, { pattern: 'cycle' }).begin()
      const path = join(folder, 'sound.m4a')
      writeFileSync(path, await readAll((await stream.respond(playId, undefined)).body))
      const samples = execFileSync(
        ffmpeg!,
        ['-v', 'warning', '-err_detect', 'explode', '-xerror', '-i', path, '-f', 's16le', '-ac', '1', 'pipe:1'],
        { maxBuffer: 64e6 },
      )
      expect(Math.abs(samples.length / 2 - tone.head.totalSamples)).toBeLessThanOrEqual(1024)
      const pure = await createDevice(tone, { quality: 'aac-256' }).begin()
      writeFileSync(path, await readAll((await pure.respond(playId, undefined)).body))
      const reference = execFileSync(ffmpeg!, ['-v', 'warning', '-i', path, '-f', 's16le', '-ac', '1', 'pipe:1'], {
        maxBuffer: 64e6,
      })
      expect(samples.length).toBe(reference.length)
      expect(correlation(samples, reference)).toBeGreaterThan(0.99)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

const correlation = (a: Buffer, b: Buffer): number => {
  let [ab, aa, bb] = [0, 0, 0]
  for (let at = 0; at + 1 < a.length; at += 2) {
    const [x, y] = [a.readInt16LE(at), b.readInt16LE(at)]
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return ab / Math.sqrt(aa * bb)
}
