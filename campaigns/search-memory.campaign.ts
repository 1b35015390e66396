import { parseArgs } from 'node:util'
import { runToEnd, type ProgramRun } from '../harness/run-to-end.ts'
import { makeClient, makeDevice } from '../media-server/src/http/device.testkit.ts'
import { openDatabase } from '../media-server/src/open-database.ts'
import { openInstanceSecrets } from '../media-server/src/platform/files/fs-instance-secrets.ts'
import { openObjectStore } from '../media-server/src/platform/open-object-store.ts'
import { openServerProcess } from '../media-server/src/server-process.testkit.ts'
import { publishSynthetic } from '../media-server/src/synthetic-recording.testkit.ts'

const help = `npm run campaign -- search-memory [--searches N]

Starts a media server with 40 tracks and the flags of npm start, sends different searches over 8 connections, and prints the memory of the server on the way.
  --searches N   (20000)
Exit code 1 when a search failed, or when the memory grew by more than 200 MB.`

const connections = 8
const limitMegabytes = 200

const fill = async (data: string): Promise<void> => {
  const secrets = await openInstanceSecrets(data, false)
  const stores = await openDatabase({ dataFolder: data, secrets, at: 1 })
  const studio = { stores, objects: await openObjectStore(data), secrets }
  for (let number = 0; number < 40; number += 1)
    await publishSynthetic(studio, {
      artist: `Artist ${number % 7}`,
      title: `Song ${number}`,
      release: `Release ${number % 10}`,
      isPublic: true,
    })
  await stores.close()
}

const searchOnce = async (origin: string, client: Awaited<ReturnType<typeof makeClient>>, number: number) => {
  const path = `/api/search?q=${encodeURIComponent(`song ${number} ${(number * 7919).toString(36)}`)}`
  const answer = await fetch(origin + path, { headers: await client.credentials('GET', path) })
  await answer.text()
  if (!answer.ok) throw new Error(`search ${number}: ${answer.status}`)
}

const measure =
  (searches: number) =>
  async (run: ProgramRun): Promise<void> => {
    const server = await openServerProcess({ prepare: fill, args: ['--request-limits', '60'] })
    run.onEnd(server.close)
    const client = await makeClient(server.origin, await makeDevice())
    const steps = 5
    let most = 0
    const before = await server.memoryMegabytes()
    console.log(`before: ${before.toFixed(0)} MB`)
    let next = 0
    for (let step = 1; step <= steps; step += 1) {
      const end = Math.round((searches * step) / steps)
      const work = async (): Promise<void> => {
        while (next < end) await searchOnce(server.origin, client, (next += 1))
      }
      await Promise.all(Array.from({ length: connections }, work))
      const now = await server.memoryMegabytes()
      most = Math.max(most, now)
      console.log(`${next} searches: ${now.toFixed(0)} MB`)
    }
    if (most - before > limitMegabytes) throw new Error(`the memory grew by ${(most - before).toFixed(0)} MB`)
  }

const { values } = parseArgs({
  options: { help: { type: 'boolean' }, searches: { type: 'string', default: '20000' } },
})
if (values.help === true) console.log(help)
else process.exit((await runToEnd('campaign-search-memory', measure(Number(values.searches)))).exitCode)
