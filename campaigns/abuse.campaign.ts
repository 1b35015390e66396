import { parseArgs } from 'node:util'
import { runToEnd, type ProgramRun } from '../harness/run-to-end.ts'
import { makeClient, makeDevice } from '../media-server/src/http/device.testkit.ts'
import { openInstanceSecrets } from '../media-server/src/platform/files/fs-instance-secrets.ts'
import { openDatabase } from '../media-server/src/open-database.ts'
import { openObjectStore } from '../media-server/src/platform/open-object-store.ts'
import { openServerProcess } from '../media-server/src/server-process.testkit.ts'
import { publishLong, publishSynthetic } from '../media-server/src/synthetic-recording.testkit.ts'
import { decodeManifestHead } from '@tonestead/protocol/manifest'
import { floods, type Flood, type Target } from './abuse/floods.ts'
import { openListener, type Felt } from './abuse/listener.client.ts'

const help = `npm run campaign -- abuse

Starts a media server, floods it from 127.0.0.1 in several ways, and prints what a normal listener at 127.0.0.2 felt meanwhile: times of
chunks and of signed requests, errors, and the memory of the server before, at most and after. Every flood is bounded: 10 seconds or some thousand requests.
Exit code 1 when the listener had an error. Needs Linux, where every address of 127.0.0.0/8 exists.`

type Ids = { readonly longId: string; readonly chunk: string }

const fill = async (data: string): Promise<Ids> => {
  const secrets = await openInstanceSecrets(data, false)
  const stores = await openDatabase({ dataFolder: data, secrets, at: 1 })
  const studio = { stores, objects: await openObjectStore(data), secrets }
  const described = { artist: 'Ann', isPublic: true }
  const shown = await publishSynthetic(studio, { ...described, title: 'Shown', release: 'Public' })
  const long = await publishLong(studio, { ...described, title: 'Long', release: 'Long' }, 10.8)
  await stores.close()
  const chunk = decodeManifestHead(shown.recording.heads.aac).renditions[0]?.first[0]?.id ?? ''
  return { longId: long.recording.id, chunk }
}

const open = async (
  run: ProgramRun,
): Promise<{ target: Target; listener: Awaited<ReturnType<typeof openListener>> }> => {
  let ids: Ids = { longId: '', chunk: '' }
  const server = await openServerProcess({
    prepare: async (data) => {
      ids = await fill(data)
    },
  })
  run.onEnd(server.close)
  const { origin, pid } = server
  const [administrator, stranger] = await Promise.all(
    Array.from({ length: 2 }, async () => makeClient(origin, await makeDevice())),
  )
  if (administrator === undefined || stranger === undefined) throw new Error('no clients')
  await administrator.send('/api/claims', { code: server.claimCode })
  const link = await administrator.send('/api/hls-links', { recordingId: ids.longId })
  const { master } = (await link.json()) as { master: string }
  const playlist = master.replace('master.m3u8', 'aac-128.m3u8')
  const listener = await openListener({ origin, chunk: ids.chunk, pid })
  run.onEnd(listener.close)
  return { target: { origin, administrator, stranger, playlist }, listener }
}

const print = ({ name }: Flood, statuses: ReadonlyMap<number, number>, felt: Felt): void => {
  const answers = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
  const megabytes = [felt.memoryBefore, felt.memoryPeak, felt.memoryAfter].map((value) => value.toFixed(0))
  console.log(`${name}: ${answers.length === 0 ? 'no requests' : answers.join(', ')}`)
  console.log(
    `  listener: ${felt.chunks} chunks, p99 ${felt.p99Ms.toFixed(1)} ms, slowest ${felt.slowestMs.toFixed(1)} ms; signed requests p99 ${felt.apiP99Ms.toFixed(1)} ms; errors: ${felt.errors.length}`,
  )
  console.log(`  memory of the server: ${megabytes[0]} MB before, ${megabytes[1]} MB at most, ${megabytes[2]} MB after`)
  for (const error of felt.errors.slice(0, 3)) console.log(`  error: ${error}`)
}

const runCampaign = async (run: ProgramRun): Promise<void> => {
  const { target, listener } = await open(run)
  let errors = 0
  for (const flood of floods) {
    let statuses: ReadonlyMap<number, number> = new Map()
    const felt = await listener.during(async () => {
      statuses = await flood.run(target)
    })
    print(flood, statuses, felt)
    errors += felt.errors.length
  }
  if (errors > 0) throw new Error(`the listener had ${errors} errors`)
}

const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
if (values.help === true) console.log(help)
else if (process.platform !== 'linux') console.log('SKIPPED: this campaign needs Linux.')
else process.exit((await runToEnd('campaign-abuse', runCampaign)).exitCode)
