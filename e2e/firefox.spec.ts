import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { releasePageSchema } from '@tonestead/protocol/catalog'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSound, placeIn, sampleRateHz, writeWav } from '../harness/sound.ts'
import { freePort, startServer, untilPublished, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

// Play and seek in a second engine. Firefox is heard at its output: a PulseAudio of our own whose only sink leads nowhere, and its monitor.

const firefox = process.env['TONESTEAD_FIREFOX']
const sound = makeSound(60, 3)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const startPulse = async (folder: string): Promise<{ child: ChildProcess; environment: Record<string, string> }> => {
  const environment = { XDG_RUNTIME_DIR: folder, PULSE_RUNTIME_PATH: join(folder, 'pulse'), HOME: folder }
  await mkdir(environment.PULSE_RUNTIME_PATH, { recursive: true, mode: 0o700 })
  const args = [
    '-n',
    '--daemonize=no',
    '--exit-idle-time=-1',
    '--use-pid-file=no',
    `--load=module-null-sink sink_name=nowhere rate=${sampleRateHz}`,
    '--load=module-native-protocol-unix auth-anonymous=1',
  ]
  const child = spawn('pulseaudio', args, { env: { ...process.env, ...environment }, stdio: 'ignore' })
  await pause(1500)
  return { child, environment }
}

/** Some seconds of what Firefox puts out, left channel. */
const record = async (environment: Record<string, string>, seconds: number): Promise<Float32Array> => {
  const child = spawn(
    'parec',
    ['-d', 'nowhere.monitor', '--format=float32le', `--rate=${sampleRateHz}`, '--channels=2', '--latency-msec=50'],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const pieces: Buffer[] = []
  child.stdout.on('data', (data: Buffer) => void pieces.push(data))
  await pause(seconds * 1000)
  child.kill('SIGTERM')
  const bytes = Buffer.concat(pieces)
  return Float32Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => bytes.readFloatLE(index * 8))
}

const elementState = (page: Page): Promise<{ time: number; duration: number; ended: boolean }> =>
  page.evaluate(() => {
    const element = (globalThis as unknown as { heardElements: HTMLMediaElement[] }).heardElements.at(-1)
    return { time: element?.currentTime ?? 0, duration: element?.duration ?? 0, ended: element?.ended ?? false }
  })

describe.skipIf(firefox === undefined)('Firefox plays and seeks', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let pulse: Awaited<ReturnType<typeof startPulse>>
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder('firefox')
    const album = join(folder.path, 'music', 'The Testers', 'Bench Pieces')
    await mkdir(album, { recursive: true })
    await writeWav(join(album, '01 First.wav'), sound)
    server = await startServer({
      data: join(folder.path, 'data'),
      port: await freePort(),
      args: ['--no-demo', '--public', join(folder.path, 'music')],
    })
    await untilPublished(server.origin, { releases: 1, tracks: 1 })
    pulse = await startPulse(folder.path)
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: firefox ?? '',
      headless: true,
      env: { ...process.env, ...pulse.environment },
      extraPrefsFirefox: { 'media.autoplay.default': 0, 'media.autoplay.blocking_policy': 0 },
    })
    page = await browser.newPage()
    await page.evaluateOnNewDocument(() => {
      const elements: HTMLMediaElement[] = []
      Object.assign(globalThis, { heardElements: elements })
      const play = HTMLMediaElement.prototype.play
      HTMLMediaElement.prototype.play = function () {
        elements.push(this)
        return play.call(this)
      }
    })
  })

  afterAll(async () => {
    await browser?.close()
    pulse?.child.kill('SIGTERM')
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('it sounds, lasts exactly as long as the source, and what comes out is the source', async () => {
    const releases = releasePageSchema.parse(await (await fetch(`${server.origin}/api/releases`)).json())
    await page.goto(`${server.origin}/release/${releases.items[0]?.id}`)
    await page.locator('::-p-aria([name="Play First"][role="button"])').setTimeout(20_000).click()
    await expect.poll(async () => (await elementState(page)).time, { timeout: 30_000 }).toBeGreaterThan(0.3)
    expect((await elementState(page)).duration).toBe(60)
    const pieces = await record(pulse.environment, 5)
    const piece = pieces.subarray(2 * sampleRateHz, 2.5 * sampleRateHz)
    const place = placeIn(sound.left, piece, { near: 10 * sampleRateHz, reach: 10 * sampleRateHz })
    expect(place.fit).toBeGreaterThan(0.9)
    const later = placeIn(sound.left, pieces.subarray(4 * sampleRateHz, 4.5 * sampleRateHz), {
      near: place.offset + 2 * sampleRateHz,
      reach: 600,
    })
    expect(later.offset - place.offset).toBe(2 * sampleRateHz)
  })

  test('a far seek lands where it should and the end is reached', async () => {
    const slider = await page.waitForSelector('::-p-aria([name="Seek"][role="slider"])', { timeout: 10_000 })
    await slider?.focus()
    const before = (await elementState(page)).time
    await page.keyboard.press('PageUp')
    await expect
      .poll(async () => (await elementState(page)).time, { timeout: 15_000 })
      .toBeGreaterThan(Math.min(before + 25, 40))
    const pieces = await record(pulse.environment, 4)
    const shown = (await elementState(page)).time
    const place = placeIn(sound.left, pieces.subarray(2.5 * sampleRateHz, 3 * sampleRateHz), {
      near: Math.round((shown - 1.5) * sampleRateHz),
      reach: 2 * sampleRateHz,
    })
    expect(place.fit).toBeGreaterThan(0.9)
    for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('PageUp')
    await expect
      .poll(
        async () =>
          (await elementState(page)).ended ||
          (await elementState(page)).time >= 59.9 ||
          (await elementState(page)).time === 0,
        { timeout: 40_000 },
      )
      .toBe(true)
  })
})
