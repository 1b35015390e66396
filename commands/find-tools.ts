import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { chromiumArguments } from '../harness/chromium-arguments.ts'

const run = promisify(execFile)

/** A program that the tests use but do not bring: where it is, and how we came by it. */
export type FoundTool =
  | { readonly kind: 'found'; readonly path: string; readonly from: string }
  | { readonly kind: 'missing'; readonly why: string }

/** A Chromium that plays AAC: variable, system, Playwright's, else the distribution's where we may install. */
export const findChromium = async (): Promise<FoundTool> => {
  const candidates = [
    { path: process.env['TONESTEAD_CHROMIUM'], from: 'TONESTEAD_CHROMIUM' },
    ...(await onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])).map((path) => ({
      path,
      from: 'the system',
    })),
    { path: chromium.executablePath(), from: 'Playwright' },
  ]
  const found = await firstThat(candidates, playsAac)
  return found ?? (await installed('chromium', playsAac))
}

/** A real ffmpeg, for the tests that compare with one. */
export const findFfmpeg = async (): Promise<FoundTool> => {
  const candidates = [
    { path: process.env['FFMPEG_PATH'], from: 'FFMPEG_PATH' },
    ...(await onPath(['ffmpeg'])).map((path) => ({ path, from: 'the system' })),
  ]
  const found = await firstThat(candidates, answersToVersion)
  return found ?? (await installed('ffmpeg', answersToVersion))
}

/** Firefox, for the part of the journeys that a second engine has to play. Its sound needs somewhere to go: PulseAudio with a sink of nothing. */
export const findFirefox = async (): Promise<FoundTool> => {
  const candidates = [
    { path: process.env['TONESTEAD_FIREFOX'], from: 'TONESTEAD_FIREFOX' },
    ...(await onPath(['firefox-esr', 'firefox'])).map((path) => ({ path, from: 'the system' })),
  ]
  const hasSink = (await onPath(['pulseaudio'])).length > 0
  const found = hasSink ? await firstThat(candidates, answersToVersion) : undefined
  return found ?? (await installed('firefox-esr', answersToVersion, ['pulseaudio', 'pulseaudio-utils']))
}

type Candidate = { readonly path: string | undefined; readonly from: string }
type Check = (path: string) => Promise<boolean>

const firstThat = async (candidates: readonly Candidate[], check: Check): Promise<FoundTool | undefined> => {
  for (const { path, from } of candidates) {
    if (path !== undefined && path !== '' && (await isExecutable(path)) && (await check(path)))
      return { kind: 'found', path, from }
  }
  return undefined
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

const onPath = async (names: readonly string[]): Promise<string[]> => {
  const paths = names.flatMap((name) =>
    (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)),
  )
  const usable = await Promise.all(paths.map(isExecutable))
  return paths.filter((_, index) => usable[index])
}

/** ffmpeg takes one dash only, browsers take both. */
const answersToVersion: Check = (path) =>
  run(path, ['-version'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  )

/** Playwright's own Chromium comes without AAC; only asking tells. */
const playsAac: Check = async (executablePath) => {
  const browser = await chromium.launch({ executablePath, args: chromiumArguments }).catch(() => undefined)
  if (browser === undefined) return false
  try {
    const page = await browser.newPage()
    return await page.evaluate(
      () => document.createElement('audio').canPlayType('audio/mp4; codecs="mp4a.40.2"') !== '',
    )
  } finally {
    await browser.close()
  }
}

const variables: Readonly<Record<string, string>> = {
  chromium: 'TONESTEAD_CHROMIUM',
  ffmpeg: 'FFMPEG_PATH',
  'firefox-esr': 'TONESTEAD_FIREFOX',
}

const installed = async (name: string, check: Check, others: readonly string[] = []): Promise<FoundTool> => {
  const apt = await mayInstall()
  if (apt === undefined)
    return {
      kind: 'missing',
      why: `no usable ${name} here, and no right to install one (give its path in ${variables[name] ?? ''})`,
    }
  console.log(`Installing ${name} with apt-get …`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { timeout: 600_000, maxBuffer: 64 * 2 ** 20, env: environment }
  const [program, ...before] = apt as [string, ...string[]]
  try {
    await run(program, [...before, 'update', '-q'], options)
    await run(program, [...before, 'install', '-y', '-q', '--no-install-recommends', name, ...others], options)
  } catch (cause) {
    return {
      kind: 'missing',
      why: `apt-get could not install ${name}: ${cause instanceof Error ? cause.message.slice(0, 300) : String(cause)}`,
    }
  }
  const found = await firstThat(
    (await onPath([name])).map((path) => ({ path, from: 'apt-get, just now' })),
    check,
  )
  return found ?? { kind: 'missing', why: `${name} was installed but does not do what the tests need` }
}

const mayInstall = async (): Promise<string[] | undefined> => {
  const [apt] = await onPath(['apt-get'])
  if (apt === undefined) return undefined
  if (process.getuid?.() === 0) return [apt]
  const [sudo] = await onPath(['sudo'])
  if (sudo === undefined) return undefined
  return run(sudo, ['-n', 'true'], { timeout: 10_000 }).then(
    () => [sudo, '-n', apt],
    () => undefined,
  )
}
