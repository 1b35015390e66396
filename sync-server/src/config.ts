import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { StartRefusal } from './ports/start-refusal.ts'
import { defaultRelayLimits, scaleRelayLimits, type RelayLimits } from './relay/relay-limits.ts'

export const help = `A relay of Tonestead: orders and stores the sealed changes of documents, and cannot read them.

  npm start -w sync-server -- (--open | --pass-key KEY) [options]

  --open                  Every account may use this relay
  --pass-key KEY          Accounts of the media server with this key may: its public key as a JWK, a file with it,
                          or the server's address, which is asked at every start. May be repeated
  --data DIR              Folder for the key of the relay, and the logs unless --database-url is given   (./relay-data)
  --database-url URL      Logs in this PostgreSQL, which several processes of this relay may share
  --port N                Port to listen on; 0: any that is free                                          (4534)
  --host ADDRESS          Address to listen on; 0.0.0.0 opens it to the network                           (127.0.0.1)
  --behind-proxy          A proxy on this machine adds X-Forwarded-For and ends TLS
  --origin URL            Pages of this origin may connect too; may be repeated; '*' for any
  --limits N              Multiplies the limits, for many people behind one address: 1 to 1000             (1)
  --help                  This text

  LOG_LEVEL               trace, debug, info, warn, error or silent; JSON on stderr                       (warn)
`

const options = {
  open: { type: 'boolean' },
  'pass-key': { type: 'string', multiple: true },
  data: { type: 'string' },
  'database-url': { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'behind-proxy': { type: 'boolean' },
  origin: { type: 'string', multiple: true },
  limits: { type: 'string' },
  help: { type: 'boolean' },
} as const

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `is less than ${least}`).max(most, `is more than ${most}`))

const flagsSchema = z.object({
  open: z.boolean().default(false),
  'pass-key': z.array(z.string().min(1, 'is empty')).default([]),
  data: z.string().min(1, 'is empty').default('relay-data'),
  'database-url': z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgresql address' }).optional(),
  port: wholeNumber(0, 65_535).default(4534),
  host: z.string().min(1, 'is empty').max(255).default('127.0.0.1'),
  'behind-proxy': z.boolean().default(false),
  origin: z
    .array(
      z
        .literal('*')
        .or(
          z
            .url({ protocol: /^https?$/, error: 'is not a http or https address' })
            .transform((text) => new URL(text).origin),
        ),
    )
    .default([]),
  limits: wholeNumber(1, 1000).default(1),
})

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
const environmentSchema = z.object({
  /** Where npm was started: it runs a workspace's program in the folder of the workspace. */
  INIT_CWD: z.string().default('.'),
  LOG_LEVEL: z.enum(logLevels, { error: `is not one of ${logLevels.join(', ')}` }).default('warn'),
})

export type RelayConfig = {
  readonly isOpen: boolean
  /** JWKs, files or addresses. */
  readonly passKeys: readonly string[]
  readonly dataFolder: string
  readonly databaseUrl: string | undefined
  readonly port: number
  readonly host: string
  readonly isProxied: boolean
  readonly origins: readonly string[]
  readonly limits: RelayLimits
  readonly logLevel: (typeof logLevels)[number]
}

/** Reads flags and environment. Throws a StartRefusal that names the flag and its error. */
export const readConfig = (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): RelayConfig | 'help' => {
  const values = splitArgs(args)
  if (values.help === true) return 'help'
  const flags = checked(flagsSchema, values, '--')
  const { LOG_LEVEL, INIT_CWD } = checked(environmentSchema, environment, '')
  if (!flags.open && flags['pass-key'].length === 0)
    throw new StartRefusal(
      'Say who may use this relay: --pass-key with the address of a media server for its accounts, or --open for everybody. See --help.',
    )
  return {
    isOpen: flags.open,
    passKeys: flags['pass-key'],
    dataFolder: resolve(INIT_CWD, flags.data),
    databaseUrl: flags['database-url'],
    port: flags.port,
    host: flags.host,
    isProxied: flags['behind-proxy'],
    origins: flags.origin,
    limits: scaleRelayLimits(defaultRelayLimits, flags.limits),
    logLevel: LOG_LEVEL,
  }
}

const splitArgs = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : '').split('. ')
    throw new StartRefusal(`${sentence ?? 'The flags are not valid'}. See --help for all flags.`, { cause: error })
  }
}

const checked = <T extends z.ZodType>(schema: T, values: unknown, prefix: string): z.output<T> => {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new StartRefusal(`${prefix}${String(issue?.path[0])} ${issue?.message ?? 'is not valid'}. See --help.`)
}
