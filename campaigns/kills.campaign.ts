import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runToEnd } from '../harness/run-to-end.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { until } from '../harness/until.ts'

const help = `npm run campaign -- kills [--kills N] [--files N] [--seed N]
Files are deleted and added, the server scans them, and it is killed (SIGKILL) at some instant of that. After each restart and a whole scan, every
public track must have its file. Prints the number of tracks without a file ("ghosts") and ends with code 1 if there is one.
  --kills N   (200)
  --files N   Files in the folder at the beginning   (60)
  --seed N    Chooses files and instants   (1)`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    files: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean' },
  },
})

/** Numbers from 0 up to 1, the same for a seed. Park and Miller's generator. */
const randomNumbers = (seed: number): (() => number) => {
  let state = seed % 2147483647 || 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

const longestUptimeMs = 1500
const scanLimitMs = 120_000

const nameOf = (index: number): string => `Sound ${String(index).padStart(4, '0')}`
const titlesOn = async (origin: string): Promise<string[]> => {
  const titles: string[] = []
  for (let offset = 0; ; offset += 200) {
    const answer = await fetch(`${origin}/api/tracks?limit=200&offset=${offset}`)
    const { items } = (await answer.json()) as { items: { title: string }[] }
    titles.push(...items.map(({ title }) => title))
    if (items.length < 200) return titles
  }
}

/** Files without tags are titled by their names. */
const ghostsOn = async (origin: string, music: string): Promise<string[]> => {
  const present = new Set((await readdir(music)).map((file) => file.replace(/\.wav$/, '')))
  return (await titlesOn(origin)).filter((title) => !present.has(title))
}

const run = async (folder: string, fail: (server: RunningServer) => void): Promise<number> => {
  const [data, music] = [join(folder, 'data'), join(folder, 'music')]
  const random = randomNumbers(Number(values.seed))
  const port = await freePort()
  let added = 0
  const add = async (): Promise<void> => {
    added += 1
    await writeWav(join(music, `${nameOf(added)}.wav`), makeSound(2, added))
  }
  const start = async (): Promise<RunningServer> => {
    const server = await startServer({ data, port, args: ['--no-demo', '--public', music] })
    fail(server)
    return server
  }
  await mkdir(music)
  for (let index = 0; index < Number(values.files); index += 1) await add()
  let server = await start()
  await until('all files are public', async () => (await titlesOn(server.origin)).length === added, 600_000)
  const ghosts = new Set<string>()
  for (let kill = 1; kill <= Number(values.kills); kill += 1) {
    await server.kill()
    const files = await readdir(music)
    for (const file of files.filter(() => random() < 0.1)) await rm(join(music, file))
    for (let index = 0; index < 2 || (await readdir(music)).length < 20; index += 1) await add()
    // Killed in the middle of the scan that withdraws, then started again and left alone until a scan is done.
    const interrupted = await start()
    await new Promise((resolve) => setTimeout(resolve, random() ** 3 * longestUptimeMs))
    await interrupted.kill()
    server = await start()
    await until('the scan is done', () => / source files; /.test(server.printed()), scanLimitMs)
    const found = await ghostsOn(server.origin, music)
    for (const title of found) ghosts.add(title)
    if (found.length > 0) console.log(`kill ${kill}: without a file: ${found.join(', ')}`)
    if (kill % 20 === 0) console.log(`${kill} kills, ${ghosts.size} ghosts`)
  }
  await server.stop()
  console.log(`${values.kills} kills during scans with deletions: ${ghosts.size} ghosts.`)
  return ghosts.size
}

if (values.help === true) console.log(help)
else {
  const end = await runToEnd('kills', async ({ folder, onEnd }) => {
    let current: RunningServer | undefined
    onEnd(() => current?.kill())
    const ghosts = await run(folder, (server) => {
      current = server
    })
    if (ghosts > 0) throw new Error(`${ghosts} tracks were public without a file`)
  })
  process.exit(end.exitCode)
}
