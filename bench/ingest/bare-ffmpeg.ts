import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Seconds on the clock, and seconds of CPU time of all processes together. */
export type Cost = { readonly wallSeconds: number; readonly cpuSeconds: number }

/** `hasLoudness`: also measures loudness and true peak (EBU R 128), as the product does. */
export type BareRun = {
  readonly ffmpeg: string
  readonly sources: readonly string[]
  readonly folder: string
  readonly hasLoudness: boolean
  readonly workers: number
}

/** ffmpeg by itself makes the same encodes of the same files: one process for each track, as many at a time as there are workers. */
export const encodeWithBareFfmpeg = async (run: BareRun): Promise<Cost> => {
  await mkdir(run.folder, { recursive: true })
  const began = performance.now()
  const waiting = [...run.sources.entries()]
  let cpuSeconds = 0
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [number, source] = next
      const args = encodeArguments(source, join(run.folder, String(number)), run.hasLoudness)
      cpuSeconds += await runFfmpeg(run.ffmpeg, args)
    }
  }
  await Promise.all(Array.from({ length: run.workers }, work))
  return { wallSeconds: (performance.now() - began) / 1000, cpuSeconds }
}

const aac = ['-map', '0:a:0', '-c:a', 'aac', '-aac_coder', 'fast', '-ar', '48000', '-ac', '2', '-threads', '1']

const encodeArguments = (source: string, target: string, hasLoudness: boolean): string[] => [
  ...['-nostdin', '-nostats', '-v', 'info', '-benchmark', '-y', '-i', source],
  ...['64k', '128k', '256k'].flatMap((rate) => [...aac, '-b:a', rate, '-f', 'adts', `${target}-${rate}.aac`]),
  ...['-map', '0:a:0', '-c:a', 'flac', '-frame_size', '4096', '-threads', '1', `${target}.flac`],
  ...(hasLoudness ? ['-map', '0:a:0', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'] : []),
]

/** Resolves with the CPU seconds that ffmpeg prints with `-benchmark`. */
const runFfmpeg = (ffmpeg: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(ffmpeg, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let printed = ''
    child.stderr.on('data', (data: Buffer) => void (printed += data.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      const [, user = '0', system = '0'] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(printed) ?? []
      if (code === 0) resolve(Number(user) + Number(system))
      else reject(new Error(`ffmpeg ended with ${code}: ${printed.slice(-500)}`))
    })
  })
