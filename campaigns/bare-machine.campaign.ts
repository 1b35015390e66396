import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdir, realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { runToEnd, type ProgramRun } from '../harness/run-to-end.ts'

const help = `npm run campaign -- bare-machine [--tests]

Runs the two commands of the README, npm ci and npm start, on a machine with node 20, npm and certificates only: a Debian chroot made with
debootstrap. First with the node-av that the project brings, then with the ffmpeg of the distribution.

  --tests  also run npm test there

Needs Linux, root, debootstrap and unshare. The chroot is removed at the end.`

const run = promisify(execFile)
const repository = join(import.meta.dirname, '..')
const port = 4599
const minuteMs = 60_000
const installLimit = { seconds: 180, megabytes: 1200 } as const

type Command = { readonly child: ChildProcess; readonly done: Promise<string> }

/** A sentence for each thing that is missing. */
const missingTools = async (): Promise<string[]> => {
  const missing = process.getuid?.() === 0 ? [] : ['This campaign needs root, for chroot and mount.']
  for (const program of ['debootstrap', 'unshare']) {
    const isInstalled = await run('which', [program]).then(
      () => true,
      () => false,
    )
    if (!isInstalled) missing.push(`${program} is missing: install it with the package manager.`)
  }
  return missing
}

/** The node of the machine, not the one that this project brings. */
const findMachineNode = async (): Promise<string> => {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const { stdout } = await run('which', ['node'], { env: { PATH: folders.join(delimiter) } })
  return realpath(stdout.trim())
}

const makeMachine = async (root: string): Promise<void> => {
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates,libstdc++6', 'bookworm', root], {
    timeout: 15 * minuteMs,
    maxBuffer: 2 ** 26,
  })
  const node = await findMachineNode()
  await mkdir(join(root, 'usr/local/bin'), { recursive: true })
  await cp(node, join(root, 'usr/local/bin/node'))
  await cp(join(dirname(node), '../lib/node_modules/npm'), join(root, 'usr/local/lib/node_modules/npm'), {
    recursive: true,
  })
  for (const file of ['etc/resolv.conf', 'etc/hosts', 'etc/ssl/certs/ca-certificates.crt'])
    await cp(join('/', file), join(root, file), { dereference: true })
  await startInside(root, 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm; mkdir -p /home/listener')
    .done
  await run('git', ['clone', '-q', '--no-hardlinks', repository, join(root, 'home/listener/tonestead')])
}

/** Starts a command in the chroot, in a mount namespace that ends with it. */
const startInside = (root: string, command: string): Command => {
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
      code === 0
        ? resolve(output)
        : reject(new Error(`"${command}" ended with exit code ${code}: ${output.slice(-4000)}`)),
    )
  })
  // Whoever needs the result awaits it; a command that is stopped rejects too.
  done.catch(() => undefined)
  return { child, done }
}

const secondsSince = (began: number): string => `${((performance.now() - began) / 1000).toFixed(1)} s`

type ReleaseList = { items: { trackCount: number; title: string }[] }

/** Starts the product, waits until the whole demo album is playable, and stops it. */
const startAndStop = async (root: string, name: string): Promise<void> => {
  const began = performance.now()
  const { child, done } = startInside(
    root,
    `cd /home/listener/tonestead && exec npm start -- --data /tmp/${name} --port ${port}`,
  )
  let printed = ''
  child.stdout?.on('data', (data: Buffer) => void (printed += data.toString()))
  const ended = done.then(() => Promise.reject(new Error('npm start ended by itself')))
  const untilPlayable = async (): Promise<void> => {
    for (;;) {
      const releases = await fetch(`http://127.0.0.1:${port}/api/releases`).then(
        (response) => response.json() as Promise<ReleaseList>,
        () => undefined,
      )
      if ((releases?.items?.[0]?.trackCount ?? 0) >= 4) return
      if (performance.now() - began > 5 * minuteMs)
        throw new Error(`the demo album was not playable within five minutes: ${printed.slice(-2000)}`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  await Promise.race([untilPlayable(), ended])
  const health = await fetch(`http://127.0.0.1:${port}/readyz`).then((response) => response.text())
  console.log(`${name}: from npm start until the demo album was playable: ${secondsSince(began)}; ${health}`)
  // As Ctrl-C does it: SIGINT to the whole process group.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  const stopping = performance.now()
  // npm ends by the signal and has no exit code.
  await done.catch(() => undefined)
  await ended.catch(() => undefined)
  console.log(`${name}: stopped after ${secondsSince(stopping)}`)
}

const runCampaign = async ({ folder }: ProgramRun, withTests: boolean): Promise<void> => {
  const root = join(folder, 'root')
  const making = performance.now()
  await makeMachine(root)
  console.log(`the chroot was made in ${secondsSince(making)}`)
  const installing = performance.now()
  await startInside(root, 'cd /home/listener/tonestead && npm ci').done
  const { stdout } = await run('du', ['-sm', join(root, 'home/listener/tonestead/node_modules')])
  console.log(
    `npm ci: ${secondsSince(installing)} (at most ${installLimit.seconds} s), ${stdout.split('\t')[0]} MB (at most ${installLimit.megabytes} MB)`,
  )
  await startAndStop(root, 'bundled-node-av')
  await startInside(root, 'apt-get update -q && apt-get install -y -q --no-install-recommends ffmpeg').done
  await startAndStop(root, 'system-ffmpeg')
  if (!withTests) return
  const testing = performance.now()
  const output = await startInside(root, 'cd /home/listener/tonestead && npm test').done
  console.log(`npm test: ${secondsSince(testing)}\n${output.trimEnd().split('\n').slice(-12).join('\n')}`)
}

const { values } = parseArgs({ options: { help: { type: 'boolean' }, tests: { type: 'boolean' } } })
const missing = values.help === true ? [] : await missingTools()
if (values.help === true) console.log(help)
else if (missing.length > 0) {
  for (const line of missing) console.error(line)
  process.exitCode = 2
} else {
  const end = await runToEnd('campaign-bare-machine', (program) => runCampaign(program, values.tests === true))
  process.exit(end.exitCode)
}
