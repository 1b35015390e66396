import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { chromiumArguments } from '../harness/chromium-arguments.ts'

const run = promisify(execFile)

/** A program that tests and benchmarks use and npm does not install. `from`: how it was found. */
type FoundTool =
  | { readonly kind: 'found'; readonly path: string; readonly from: string }
  | { readonly kind: 'missing'; readonly why: string }

export type ToolName = 'chromium' | 'firefox' | 'ffmpeg' | 'nginx'

type Check = (path: string) => Promise<boolean>
type Tool = {
  readonly title: string
  /** Where tests and benchmarks read the path. */
  readonly variable: string
  /** Read when `variable` names no usable program. */
  readonly otherVariable?: string
  readonly commands: readonly string[]
  /** Other programs that must be installed too. */
  readonly companions?: readonly string[]
  readonly isUsable: Check
  /** Packages of Debian and Ubuntu. An empty list: it is never installed. */
  readonly packages: readonly string[]
}

const tools: Readonly<Record<ToolName, Tool>> = {
  chromium: {
    title: 'Chromium',
    variable: 'TONESTEAD_CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    isUsable: (path) => playsAac(path),
    packages: ['chromium'],
  },
  // The journeys record the output of Firefox from PulseAudio.
  firefox: {
    title: 'Firefox',
    variable: 'TONESTEAD_FIREFOX',
    commands: ['firefox-esr', 'firefox'],
    companions: ['pulseaudio'],
    isUsable: (path) => runs(path, '--version'),
    packages: ['firefox-esr', 'pulseaudio', 'pulseaudio-utils'],
  },
  ffmpeg: {
    title: 'ffmpeg',
    variable: 'TONESTEAD_REFERENCE_FFMPEG',
    otherVariable: 'FFMPEG_PATH',
    commands: ['ffmpeg'],
    isUsable: (path) => runs(path, '-version'),
    packages: ['ffmpeg'],
  },
  // Not installed automatically, because its package starts a web server on port 80.
  nginx: {
    title: 'nginx',
    variable: 'TONESTEAD_NGINX',
    commands: ['nginx'],
    isUsable: (path) => runs(path, '-v'),
    packages: [],
  },
}

/** Environment variables with the paths of the tools. A tool that is missing has no variable. Calls `print` with what it found. */
export const findTools = async (
  names: readonly ToolName[],
  print: (line: string) => void,
): Promise<Record<string, string>> => {
  const found: Record<string, string> = {}
  for (const name of names) {
    const { title, variable } = tools[name]
    const tool = await findTool(name, print)
    if (tool.kind === 'found') {
      print(`${title}: ${tool.path} (from ${tool.from})`)
      found[variable] = tool.path
    } else print(`\n!!! ${title} is missing: ${tool.why}.\n!!! Tests and comparisons that need it are SKIPPED.\n`)
  }
  return found
}

const findTool = async (name: ToolName, print: (line: string) => void): Promise<FoundTool> => {
  const tool = tools[name]
  const candidates = [
    ...[tool.variable, ...(tool.otherVariable === undefined ? [] : [tool.otherVariable])].map((variable) => ({
      path: process.env[variable],
      from: variable,
    })),
    ...(await onPath(tool.commands)).map((path) => ({ path, from: 'the system' })),
    ...(name === 'chromium' ? [{ path: chromium.executablePath(), from: 'Playwright' }] : []),
  ]
  const companions = await Promise.all((tool.companions ?? []).map((companion) => onPath([companion])))
  const isComplete = companions.every((paths) => paths.length > 0)
  const found = isComplete ? await firstUsable(candidates, tool.isUsable) : undefined
  return found ?? (await install(tool, print))
}

type Candidate = { readonly path: string | undefined; readonly from: string }
const firstUsable = async (candidates: readonly Candidate[], check: Check): Promise<FoundTool | undefined> => {
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

/** Servers such as nginx are in sbin, which is not on everybody's PATH. */
const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin']

const onPath = async (names: readonly string[]): Promise<string[]> => {
  const paths = names.flatMap((name) => searchPath.map((folder) => join(folder, name)))
  const usable = await Promise.all(paths.map(isExecutable))
  return paths.filter((_, index) => usable[index])
}

const runs = (path: string, flag: string): Promise<boolean> =>
  run(path, [flag], { timeout: 20_000 }).then(
    () => true,
    () => false,
  )

/** Playwright's own Chromium comes without AAC. */
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

const install = async (
  { title, variable, commands, packages, isUsable }: Tool,
  print: (line: string) => void,
): Promise<FoundTool> => {
  const apt = packages.length === 0 ? undefined : await aptCommand()
  if (apt === undefined) {
    const reason =
      packages.length === 0 ? 'it is not installed automatically' : 'it cannot be installed without root rights'
    return { kind: 'missing', why: `no usable ${title} was found, and ${reason} (give its path in ${variable})` }
  }
  print(`Installing ${title} with apt-get …`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { timeout: 600_000, maxBuffer: 64 * 2 ** 20, env: environment }
  const [program, ...before] = apt as [string, ...string[]]
  try {
    await run(program, [...before, 'update', '-q'], options)
    await run(program, [...before, 'install', '-y', '-q', '--no-install-recommends', ...packages], options)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.slice(0, 300) : String(cause)
    return { kind: 'missing', why: `apt-get could not install ${title}: ${message}` }
  }
  const installed = (await onPath(commands)).map((path) => ({ path, from: 'apt-get, just now' }))
  return (
    (await firstUsable(installed, isUsable)) ?? {
      kind: 'missing',
      why: `${title} was installed but does not do what the tests need`,
    }
  )
}

/** `apt-get`, with `sudo` where that asks no password; undefined where packages cannot be installed. */
const aptCommand = async (): Promise<string[] | undefined> => {
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
