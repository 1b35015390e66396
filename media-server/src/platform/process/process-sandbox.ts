import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Limits for one run of a media tool. The address space is not limited for tools whose runtime reserves much more than it uses. */
export type ProcessLimits = {
  readonly cpuSeconds: number
  readonly addressSpaceBytes?: number | undefined
  readonly fileBytes: number
  readonly wallMs: number
}

/** How a command is limited on this machine: `prefix` gives the arguments that stand before the command. */
export type ProcessSandbox = { readonly description: string; prefix(limits: ProcessLimits): readonly string[] }

/** Finds out what this machine allows: `prlimit` for CPU, memory and file size; `unshare` for a namespace without a network. */
export const detectProcessSandbox = async (): Promise<ProcessSandbox> => {
  const [hasLimits, isolation] = await Promise.all([works('prlimit', ['--cpu=10', '--', 'true']), networkIsolation()])
  const prefix = (limits: ProcessLimits): readonly string[] => [
    ...isolation,
    ...(hasLimits ? prlimitArguments(limits) : []),
  ]
  const measures = [
    hasLimits
      ? 'CPU, memory and output limits by prlimit'
      : 'no CPU and memory limits (prlimit is missing), wall time only',
    isolation.length > 0 ? 'no network' : 'network not cut off (protocol whitelist only)',
  ]
  return { description: measures.join('; '), prefix }
}

/** `-r` maps this user to root inside the namespace: an ordinary user may need that to make a network namespace. */
const networkIsolation = async (): Promise<readonly string[]> => {
  for (const flags of [['-n'], ['-r', '-n']])
    if (await works('unshare', [...flags, '--', 'true'])) return ['unshare', ...flags, '--']
  return []
}

const prlimitArguments = (limits: ProcessLimits): readonly string[] => [
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
    // Expected where the tool is missing or not permitted; `description` reports it in /readyz.
    return false
  }
}
