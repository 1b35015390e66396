import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { defaultLimits, scaleLimits, type RequestLimits } from './http/limits.ts'
import { StartRefusal } from './ports/start-refusal.ts'

export const help = `Tonestead: your music, served to your devices.

  npm start -- [options] [music folder ...]

  music folder          Folders of recordings to add; read, never changed
  --public              Anyone who reaches this server may listen to these folders
  --data DIR            Folder for all data of the server                         (./data)
  --port N              Port to listen on                                         (4533)
  --host ADDRESS        Address to listen on; 0.0.0.0 opens it to the network     (127.0.0.1)
  --public-url URL      How browsers reach this server, when not as localhost
  --tls-cert FILE       Certificate and key, to serve https by itself (both, PEM)
  --tls-key FILE
  --workers N           Files encoded at the same time, 1 to 64                   (1)
  --max-hours N         Longest recording that is taken, in hours of audio: 1 to 12                        (12)
  --request-limits N    Multiplies the limits of requests, for many people behind one address: 1 to 1000   (1)
  --name NAME           Name of the server                                        (Tonestead)
  --app DIR             The built app; without it only the API is served
  --no-demo             Leave out the demo album
  --relay PROGRAM       The relay's program: runs beside this server, and is reached at /sync
  --help                This text

  FFMPEG_PATH           An ffmpeg of version 5.1 or later, instead of the system's
  TONESTEAD_TRANSCODER  Media tool: auto, ffmpeg or node-av                       (auto)
  LOG_LEVEL             trace, debug, info, warn, error or silent; JSON on stderr (warn)
`

const options = {
  public: { type: 'boolean' },
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'public-url': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  workers: { type: 'string' },
  'max-hours': { type: 'string' },
  'request-limits': { type: 'string' },
  name: { type: 'string' },
  app: { type: 'string' },
  'no-demo': { type: 'boolean' },
  relay: { type: 'string' },
  help: { type: 'boolean' },
} as const

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `is less than ${least}`).max(most, `is more than ${most}`))
const path = z
  .string()
  .min(1, 'is empty')
  .transform((text) => resolve(text))

const flagsSchema = z.object({
  public: z.boolean().default(false),
  data: path.default(resolve('data')),
  port: wholeNumber(1, 65_535).default(4533),
  host: z.string().min(1, 'is empty').max(255).default('127.0.0.1'),
  'public-url': z
    .url({ protocol: /^https?$/, error: 'is not a http or https address' })
    .transform((text) => new URL(text))
    .optional(),
  'tls-cert': path.optional(),
  'tls-key': path.optional(),
  workers: wholeNumber(1, 64).default(1),
  'max-hours': wholeNumber(1, 12).default(12),
  'request-limits': wholeNumber(1, 1000).default(1),
  name: z.string().trim().min(1, 'is empty').max(80, 'is longer than 80 characters').default('Tonestead'),
  app: path.optional(),
  'no-demo': z.boolean().default(false),
  relay: path.optional(),
})

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
const environmentSchema = z.object({
  FFMPEG_PATH: z.string().min(1, 'is empty').optional(),
  TONESTEAD_TRANSCODER: z
    .enum(['auto', 'ffmpeg', 'node-av'], { error: 'is not one of auto, ffmpeg, node-av' })
    .default('auto'),
  LOG_LEVEL: z.enum(logLevels, { error: `is not one of ${logLevels.join(', ')}` }).default('warn'),
})

export type ServerConfig = {
  readonly folders: readonly string[]
  readonly areFoldersPublic: boolean
  readonly dataFolder: string
  readonly port: number
  readonly host: string
  readonly publicUrl: URL | undefined
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  readonly workers: number
  readonly maxHours: number
  readonly requestLimits: RequestLimits
  readonly tool: 'auto' | 'ffmpeg' | 'node-av'
  readonly ffmpegPath: string | undefined
  readonly name: string
  readonly appFolder: string | undefined
  readonly isDemoWanted: boolean
  /** The program of the relay; undefined: no relay. */
  readonly relayProgram: string | undefined
  readonly logLevel: (typeof logLevels)[number]
}

/** Reads flags and environment. Throws a StartRefusal that names the flag and its error. */
export const readConfig = (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ServerConfig | 'help' => {
  const given = splitArgs(args)
  return given.values.help === true ? 'help' : configOf(given, environment)
}

/** The configuration of a server that is started without flags and variables. Tests and benchmarks change what they need. */
export const defaultConfig = (): ServerConfig => configOf(splitArgs([]), {})

const configOf = (
  { values, positionals }: ReturnType<typeof splitArgs>,
  environment: Readonly<Record<string, string | undefined>>,
): ServerConfig => {
  const flags = checked(flagsSchema, values, '--')
  const { FFMPEG_PATH, TONESTEAD_TRANSCODER, LOG_LEVEL } = checked(environmentSchema, environment, '')
  const { 'tls-cert': certFile, 'tls-key': keyFile } = flags
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new StartRefusal('--tls-cert and --tls-key go together: give both, or neither.')
  return {
    folders: [...new Set(positionals.map((folder) => resolve(folder)))],
    areFoldersPublic: flags.public,
    dataFolder: flags.data,
    port: flags.port,
    host: flags.host,
    publicUrl: flags['public-url'],
    tls: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile },
    workers: flags.workers,
    maxHours: flags['max-hours'],
    requestLimits: scaleLimits(defaultLimits, flags['request-limits']),
    tool: TONESTEAD_TRANSCODER,
    ffmpegPath: FFMPEG_PATH,
    name: flags.name,
    appFolder: flags.app,
    isDemoWanted: !flags['no-demo'],
    relayProgram: flags.relay,
    logLevel: LOG_LEVEL,
  }
}

const splitArgs = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : '').split('. ')
    throw new StartRefusal(`${sentence ?? 'The flags are not valid'}. See --help for all flags.`, {
      cause: error,
    })
  }
}

const checked = <T extends z.ZodType>(schema: T, values: unknown, prefix: string): z.output<T> => {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new StartRefusal(`${prefix}${String(issue?.path[0])} ${issue?.message ?? 'is not valid'}. See --help.`)
}
