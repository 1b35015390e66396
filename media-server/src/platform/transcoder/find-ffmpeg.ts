import { execFile } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type FoundFfmpeg =
  | { readonly kind: 'found'; readonly ffmpeg: string; readonly ffprobe: string; readonly version: string }
  | { readonly kind: 'absent'; readonly reason: string }

/** Checks the ffmpeg at FFMPEG_PATH, or the system's: its version and the parts it has, because distributions leave parts out. */
export const findFfmpeg = async (ffmpegPath: string | undefined): Promise<FoundFfmpeg> => {
  const ffmpeg = ffmpegPath ?? 'ffmpeg'
  const ffprobe =
    ffmpegPath === undefined ? 'ffprobe' : join(dirname(ffmpegPath), basename(ffmpegPath).replace('ffmpeg', 'ffprobe'))
  try {
    const output = async (command: string, ...args: string[]): Promise<string> =>
      (await run(command, ['-hide_banner', ...args], { timeout: 15_000, maxBuffer: 8_000_000 })).stdout
    const [banner, encoders, filters, formats] = await Promise.all([
      output(ffmpeg, '-version'),
      output(ffmpeg, '-encoders'),
      output(ffmpeg, '-filters'),
      output(ffmpeg, '-formats'),
      output(ffprobe, '-version'),
    ])
    const version = /version n?(\d+\.\d+[\w.]*|\S+)/.exec(banner)?.[1] ?? 'unknown'
    const missing = missingParts({ encoders, filters, formats })
    if (isTooOld(version)) return { kind: 'absent', reason: `${ffmpeg} is version ${version}; 5.1 is needed` }
    return missing.length > 0
      ? { kind: 'absent', reason: `${ffmpeg} ${version} lacks ${missing.join(', ')}` }
      : { kind: 'found', ffmpeg, ffprobe, version }
  } catch (cause) {
    return {
      kind: 'absent',
      reason: `${ffmpeg} cannot be run: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown fault'}`,
    }
  }
}

/** Development builds have no version number ("N-12345-g…"): only their parts are checked. */
const isTooOld = (version: string): boolean => {
  const [major, minor] = version.split('.').map(Number)
  return major !== undefined && Number.isInteger(major) && (major < 5 || (major === 5 && (minor ?? 0) < 1))
}

const missingParts = (lists: { encoders: string; filters: string; formats: string }): string[] => [
  ...['aac', 'flac']
    .filter((name) => !new RegExp(`^ A\\S+ ${name} `, 'm').test(lists.encoders))
    .map((name) => `the encoder ${name}`),
  ...['ebur128', 'aresample', 'asplit', 'asetpts']
    .filter((name) => !new RegExp(`^ \\S+ ${name} `, 'm').test(lists.filters))
    .map((name) => `the filter ${name}`),
  ...['flac', 'wav', 'aiff', 'mp3', 'mov,', 'ogg', 'aac']
    .filter((name) => !new RegExp(`^ D\\S* +${name}`, 'm').test(lists.formats))
    .map((name) => `the demuxer ${name}`),
]
