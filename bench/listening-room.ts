import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { trackPageSchema, type Track } from '@tonestead/protocol/catalog'
import { fromBase64Url } from '@tonestead/protocol/bytes'
import {
  decodeManifestHead,
  decodeManifestTail,
  type ManifestHead,
  type ManifestTail,
} from '@tonestead/protocol/manifest'
import type { BrowserContext, Page } from 'playwright-core'
import { claimCodeOf, createDevice, type Device } from '../harness/device.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { openDevice } from '../harness/browser.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { openThrottledLink, type Line, type ThrottledLink } from './playback/throttled-link.ts'

/** A server with an album of equal tracks, a slow line in front of it, and an administrator without a page. */
export type ListeningRoom = {
  readonly server: RunningServer
  readonly link: ThrottledLink
  readonly device: Device
  readonly tracks: readonly Track[]
  /** The sources, by track title. */
  readonly sources: ReadonlyMap<string, string>
  manifestOf(track: Track): Promise<{ head: ManifestHead; tail: ManifestTail }>
  close(): Promise<void>
}

export const fast: Line = { latencyMs: 0, bitsPerSecond: 1e10 }
export const lines: readonly { name: string; line: Line }[] = [
  { name: '256 kbit/s', line: { latencyMs: 50, bitsPerSecond: 256_000 } },
  { name: '1 Mbit/s', line: { latencyMs: 50, bitsPerSecond: 1_000_000 } },
  { name: '10 Mbit/s', line: { latencyMs: 50, bitsPerSecond: 10_000_000 } },
]

/** A release's tracks travel together with their heads, so its size counts. */
const tracksPerRelease = 10

export const openListeningRoom = async (
  folder: string,
  shape: { tracks: number; seconds: number },
): Promise<ListeningRoom> => {
  const sources = new Map<string, string>()
  for (let number = 1; number <= shape.tracks; number += 1) {
    const title = `Piece ${String(number).padStart(2, '0')}`
    const album = join(folder, 'music', 'The Testers', `Bench Pieces ${Math.ceil(number / tracksPerRelease)}`)
    await mkdir(album, { recursive: true })
    const path = join(album, `${String(number).padStart(2, '0')} ${title}.wav`)
    await writeWav(path, makeSound(shape.seconds, number))
    sources.set(title, path)
  }
  const server = await startServer({
    data: join(folder, 'data'),
    port: await freePort(),
    args: ['--no-demo', '--public', join(folder, 'music')],
  })
  const link = await openThrottledLink(Number(new URL(server.origin).port), fast)
  const device = await createDevice(server.origin, await claimCodeOf(server))
  const tracks = await untilComplete(device, shape.tracks)
  return {
    server,
    link,
    device,
    tracks,
    sources,
    manifestOf: async (track) => {
      const head = decodeManifestHead(fromBase64Url(track.heads.aac))
      const tail = new Uint8Array(await (await fetch(`${server.origin}/chunks/${head.tail.id}`)).arrayBuffer())
      return { head, tail: decodeManifestTail(tail, head) }
    },
    close: async () => {
      await link.close()
      await server.stop()
    },
  }
}

/** All tracks with all three AAC renditions, and the machine quiet again. */
const untilComplete = async (device: Device, count: number): Promise<readonly Track[]> => {
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    const page = trackPageSchema.parse(await (await device.request('GET', '/api/tracks?limit=200')).json())
    const isComplete = page.items.every(
      (track) => decodeManifestHead(fromBase64Url(track.heads.aac)).renditions.length === 3,
    )
    if (page.items.length === count && isComplete) return page.items
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error('the album was not complete after ten minutes')
}

/** Watches every media element for its first sound and every seek, without a round trip to the bench. */
const watch = (): void => {
  if (!('HTMLMediaElement' in globalThis)) return
  const state = {
    startedAt: 0,
    clickedAt: 0,
    soundAfterMs: Number.NaN,
    seekAfterMs: Number.NaN,
    seekTo: Number.NaN,
    waits: 0,
    waitedAt: [] as number[],
    position: () => 0,
  }
  Object.assign(globalThis, { watched: state })
  addEventListener('click', () => void (state.clickedAt = performance.now()), { capture: true })
  const play = HTMLMediaElement.prototype.play
  const seen = new WeakSet<HTMLMediaElement>()
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    if (!seen.has(this)) {
      seen.add(this)
      this.addEventListener('waiting', () => {
        if (Number.isNaN(state.soundAfterMs) || this.seeking) return
        state.waits += 1
        state.waitedAt.push(this.currentTime)
      })
      this.addEventListener('seeking', () => {
        const [from, to] = [performance.now(), this.currentTime]
        state.seekTo = to
        const look = (): unknown =>
          !this.seeking && this.currentTime > to + 0.02
            ? (state.seekAfterMs = performance.now() - from)
            : requestAnimationFrame(look)
        look()
      })
    }
    state.position = () => this.currentTime
    const look = (): unknown =>
      this.currentTime > 0 && !this.paused
        ? (state.soundAfterMs = performance.now() - state.clickedAt)
        : requestAnimationFrame(look)
    if (Number.isNaN(state.soundAfterMs)) look()
    return play.call(this)
  }
}

declare global {
  var watched: {
    startedAt: number
    clickedAt: number
    soundAfterMs: number
    seekAfterMs: number
    seekTo: number
    waits: number
    waitedAt: number[]
    position: () => number
  }
}

export const openListener = async (profile: string): Promise<BrowserContext> => {
  const context = await openDevice({ profile })
  await context.addInitScript(watch)
  return context
}

/** A visitor who has been here before: the worker controls the page and the shell is kept, so nothing but music goes over the line. */
export const settleIn = async (page: Page, room: ListeningRoom): Promise<void> => {
  await page.goto(`http://localhost:${room.link.port}/`)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 })
  await page.evaluate(() => navigator.serviceWorker.controller?.postMessage({ kind: 'keep-shell' }))
  await page.waitForFunction(
    async () => (await (await caches.open('tonestead-shell-v1')).keys()).length > 20,
    undefined,
    { timeout: 30_000, polling: 500 },
  )
  await page.waitForTimeout(1500)
}

/** Milliseconds from the last click to sound. */
export const untilSound = async (page: Page): Promise<number> => {
  await page.waitForFunction(() => !Number.isNaN(globalThis.watched.soundAfterMs), undefined, {
    timeout: 90_000,
    polling: 50,
  })
  return page.evaluate(() => globalThis.watched.soundAfterMs)
}
