import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Bounds on one run of a media tool. The address space is left alone for tools whose runtime reserves it. */
export type ChildLimits = {
  readonly cpuSeconds: number
  readonly addressSpaceBytes?: number | undefined
  readonly fileBytes: number
  readonly wallMs: number
}

/** How a command is put under limits on this machine: a prefix of arguments in front of it. */
export type Confinement = { readonly description: string; prefix(limits: ChildLimits): readonly string[] }

/** Asks the machine once what it allows: `prlimit` for CPU, memory and file size; `unshare` for a namespace without a network. */
export const findConfinement = async (): Promise<Confinement> => {
  const [hasLimits, isolation] = await Promise.all([works('prlimit', ['--cpu=10', '--', 'true']), networkIsolation()])
  const prefix = (limits: ChildLimits): readonly string[] => [
    ...isolation,
    ...(hasLimits ? prlimitArguments(limits) : []),
  ]
  const held = [
    hasLimits
      ? 'CPU, memory and output limits by prlimit'
      : 'no CPU and memory limits (prlimit is missing), wall time only',
    isolation.length > 0 ? 'no network' : 'network not cut off (protocol whitelist only)',
  ]
  return { description: held.join('; '), prefix }
}

/** `-r` maps this user to root inside, where an ordinary user may not make a network namespace by itself. */
const networkIsolation = async (): Promise<readonly string[]> => {
  for (const flags of [['-n'], ['-r', '-n']])
    if (await works('unshare', [...flags, '--', 'true'])) return ['unshare', ...flags, '--']
  return []
}

const prlimitArguments = (limits: ChildLimits): readonly string[] => [
  'prlimit',
  `--cpu=${limits.cpuSeconds}`,
  ...(limits.addressSpaceBytes === undefined ? [] : [`--as=${limits.addressSpaceBytes}`]),
  `--fsize=${limits.fileBytes}`,
  '--core=0',
  '--',
]

const works = async (command: string, args: readonly string[]): Promise<boolean> => {
  try {
    await run(command, args, { timeout: 5000 })
    return true
  } catch {
    return false
  }
}
