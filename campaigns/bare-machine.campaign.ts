import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

// npm run campaign -- bare-machine [--tests]
// The README's two commands in a debootstrap chroot that holds node 20, npm and certificates and nothing else: first with the bundled
// node-av, then with the distribution's ffmpeg; with --tests also `npm test`. Needs root and debootstrap.

const run = promisify(execFile)
const repository = join(import.meta.dirname, '..')
const port = 4599
const withTests = process.argv.includes('--tests')
const minutes = 60_000

/** The machine's own node, not the one that this project brings. */
const hostNode = async (): Promise<string> => {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const { stdout } = await run('which', ['node'], { env: { PATH: folders.join(delimiter) } })
  return realpath(stdout.trim())
}

const makeMachine = async (root: string): Promise<void> => {
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates,libstdc++6', 'bookworm', root], {
    timeout: 15 * minutes,
    maxBuffer: 2 ** 26,
  })
  const node = await hostNode()
  await mkdir(join(root, 'usr/local/bin'), { recursive: true })
  await cp(node, join(root, 'usr/local/bin/node'))
  await cp(join(dirname(node), '../lib/node_modules/npm'), join(root, 'usr/local/lib/node_modules/npm'), {
    recursive: true,
  })
  for (const file of ['etc/resolv.conf', 'etc/hosts', 'etc/ssl/certs/ca-certificates.crt'])
    await cp(join('/', file), join(root, file), { dereference: true })
  await inside(root, 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm; mkdir -p /home/listener').done
  await run('git', ['clone', '-q', '--no-hardlinks', repository, join(root, 'home/listener/tonestead')])
}

/** A command in the chroot, in mounts of its own that end with it. */
const inside = (root: string, command: string): { child: ChildProcess; done: Promise<string> } => {
  const script =
    'mount -t proc proc "$ROOT/proc" && mount --rbind /dev "$ROOT/dev" && exec chroot "$ROOT" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt sh -c "$COMMAND"'
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script], {
    env: { ...process.env, ROOT: root, COMMAND: command },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => void (output += data.toString()))
  const done = new Promise<string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`exit ${code}: ${output.slice(-4000)}`)),
    )
  })
  done.catch(() => undefined)
  return { child, done }
}

const seconds = (from: number): string => `${((performance.now() - from) / 1000).toFixed(1)} s`

type Listing = { items: { trackCount: number; title: string }[] }

/** Starts the product and waits until the demo album can be played whole. */
const startAndListen = async (root: string, what: string): Promise<void> => {
  const from = performance.now()
  const { child, done } = inside(
    root,
    `cd /home/listener/tonestead && exec npm start -- --data /tmp/${what} --port ${port}`,
  )
  let printed = ''
  child.stdout?.on('data', (data: Buffer) => void (printed += data.toString()))
  const ended = done.then(() => Promise.reject(new Error('npm start ended by itself')))
  const ready = async (): Promise<void> => {
    for (;;) {
      const listing = await fetch(`http://127.0.0.1:${port}/api/releases`).then(
        (response) => response.json() as Promise<Listing>,
        () => undefined,
      )
      if ((listing?.items?.[0]?.trackCount ?? 0) >= 4) return
      if (performance.now() - from > 5 * minutes) throw new Error(`not ready: ${printed.slice(-2000)}`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  await Promise.race([ready(), ended])
  const health = await fetch(`http://127.0.0.1:${port}/readyz`).then((response) => response.text())
  console.log(`${what}: npm start to the demo album playable: ${seconds(from)}; ${health}`)
  // As Ctrl-C does it: to the whole group, since npm itself hands SIGINT to nobody.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  const stopping = performance.now()
  // npm ends by the signal, without a code.
  await done.catch(() => undefined)
  console.log(`${what}: stopped after ${seconds(stopping)}`)
}

const main = async (): Promise<void> => {
  const root = await mkdtemp(join(tmpdir(), 'tonestead-bare-'))
  try {
    const from = performance.now()
    await makeMachine(root)
    console.log(`machine made in ${seconds(from)}`)
    const installing = performance.now()
    await inside(root, 'cd /home/listener/tonestead && npm ci').done
    const { stdout } = await run('du', ['-sm', join(root, 'home/listener/tonestead/node_modules')])
    console.log(`npm ci: ${seconds(installing)} (limit 180 s), ${stdout.split('\t')[0]} MB (limit 1200 MB)`)
    await startAndListen(root, 'bundled-node-av')
    await inside(root, 'apt-get update -q && apt-get install -y -q --no-install-recommends ffmpeg').done
    await startAndListen(root, 'system-ffmpeg')
    if (withTests) {
      const testing = performance.now()
      const output = await inside(root, 'cd /home/listener/tonestead && npm test').done
      console.log(`npm test: ${seconds(testing)}\n${output.trimEnd().split('\n').slice(-12).join('\n')}`)
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

await main()
