import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A PostgreSQL cluster of the distribution's programs in a folder of its own, reached by a Unix socket in that folder. */
export type PostgresCluster = {
  /** Folder of the socket. */
  readonly socket: string
  readonly version: string
  /** Proportional set size of all its processes, in bytes; undefined where the system has no /proc. */
  memory(): number | undefined
  stop(): Promise<void>
}

const findPrograms = (): string | undefined => {
  const versions = existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql').toSorted((a, b) => Number(b) - Number(a))
    : []
  const folders = [
    ...versions.map((version) => join('/usr/lib/postgresql', version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** PostgreSQL refuses to run as root: then it runs as the user "nobody". */
const owner = (): { uid: number; gid: number } | object => {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const settings = [
  'listen_addresses=',
  'shared_buffers=1GB',
  'work_mem=64MB',
  'maintenance_work_mem=512MB',
  'max_parallel_workers_per_gather=0',
  'max_parallel_maintenance_workers=0',
  'jit=off',
  'fsync=off',
  'autovacuum=off',
]

const childrenOf = (pid: number): number[] => {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

const memoryOf = (pid: number): number | undefined => {
  try {
    return [pid, ...childrenOf(pid)].reduce(
      (sum, one) =>
        sum + 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1] ?? 0),
      0,
    )
  } catch {
    return undefined
  }
}

const untilReady = async (server: ChildProcess, output: () => string): Promise<void> => {
  while (!output().includes('ready to accept connections')) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${output().slice(-500)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Undefined where PostgreSQL is not installed. */
export const startPostgres = async (folder: string): Promise<PostgresCluster | undefined> => {
  const programs = findPrograms()
  if (programs === undefined) return undefined
  const user = owner()
  const home = join(folder, 'postgres')
  mkdirSync(home, { mode: 0o755 })
  chmodSync(folder, 0o755)
  if ('uid' in user) chownSync(home, user.uid, user.gid)
  const data = join(home, 'data')
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
    { ...user, stdio: 'ignore', cwd: home },
  )
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-k', home, ...settings.flatMap((one) => ['-c', one])],
    { ...user, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let output = ''
  server.stderr.on('data', (text: Buffer) => void (output = (output + text.toString()).slice(-4000)))
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()))
  await untilReady(server, () => output)
  return {
    socket: home,
    version: execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).trim(),
    memory: () => (server.pid === undefined ? undefined : memoryOf(server.pid)),
    stop: () => {
      server.kill('SIGINT')
      return ended
    },
  }
}
