// The search thread: owns the index of the whole catalog and keeps it up to date. `search-thread.client.ts` starts it, gives it channels to the catalog
// and calls its port `engine`. It posts `built` when a successor may open a new build, and ends at the message `stop`; after any other end it is started again.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { openSearchIndex } from '@tonestead/search-index/search-index'
import { openIndexSnapshots } from './platform/open-index-snapshots.ts'
import { exposePort, remotePort } from './platform/process/remote-port.ts'
import { systemClock } from './platform/system-clock.ts'
import type { SearchSource } from './ports/search-source.ts'
import { createSearchBuildThread } from './search-build-thread.client.ts'
import type { CurrentIndex } from './search/current-index.ts'
import { createDeviceSnapshots } from './search/device-snapshots.ts'
import { createIndexUpdater } from './search/index-updater.ts'
import { createSearchEngine } from './search/search-engine.ts'
import {
  searchThreadStartSchema,
  toSearchThreadSchema,
  type FromSearchThread,
} from './search/search-thread-messages.ts'
import { createSerialQueue } from './search/serial-queue.ts'

const channel = parentPort
if (channel === null) throw new Error('this file runs as a worker thread')
const start = searchThreadStartSchema.parse(workerData)
const stopping = new AbortController()
/** Callbacks that wait for a channel to the catalog, in order. */
const channelRequests: ((catalog: MessagePort) => void)[] = []
const post = (message: FromSearchThread): void => {
  channel.postMessage(message)
}
const reportFault = (message: string, fault: unknown): void => {
  post({ kind: 'fault', message, detail: (fault instanceof Error ? fault.stack : undefined) ?? String(fault) })
}
const openCatalogChannel = (): Promise<MessagePort> =>
  new Promise((resolve) => {
    channelRequests.push(resolve)
    post({ kind: 'channel-request' })
  })

const snapshots = openIndexSnapshots(start.dataFolder)
const clock = systemClock

const stateMessage = ({ index, sequence }: CurrentIndex, isBuilding: boolean): FromSearchThread => ({
  kind: 'state',
  state: {
    documents: { track: index.count('track'), release: index.count('release'), artist: index.count('artist') },
    pending: index.pendingCount(),
    sequence,
    isBuilding,
  },
})

const { port: source } = remotePort<SearchSource>(start.catalog, 'search')
const build = createSearchBuildThread({
  dataFolder: start.dataFolder,
  openCatalogChannel,
  onBuilt: (built) => {
    if (built.writeError === undefined) devices.onBuilt(built.header)
  },
})
const updater = createIndexUpdater({
  source,
  snapshots,
  clock,
  build: (isSnapshotWanted, signal) => build({ audience: 'listeners', isSnapshotWanted }, signal),
  open: openSearchIndex,
  isStoredIndexTrusted: start.isStoredIndexTrusted,
  isSuccessor: start.isSuccessor,
  onState: (current, isBuilding) => {
    post(stateMessage(current, isBuilding))
  },
  onBuilt: () => {
    post({ kind: 'built' })
  },
  onFault: reportFault,
})
let isPublicBuilding = false
const buildPublic = async (): Promise<void> => {
  if (isPublicBuilding) return
  isPublicBuilding = true
  await build({ audience: 'everyone', isSnapshotWanted: false }, stopping.signal).catch((fault: unknown) => {
    if (!stopping.signal.aborted) reportFault('The search index for everyone could not be built.', fault)
  })
  isPublicBuilding = false
}
const devices = createDeviceSnapshots({
  source,
  snapshots,
  clock,
  rebuild: (audience) => {
    if (audience === 'listeners') updater.rebuild()
    else void buildPublic()
  },
})
const enqueue = createSerialQueue(() => new Promise((resolve) => setImmediate(resolve)))
exposePort(channel, 'engine', createSearchEngine({ current: updater.current, enqueue, devices }))

channel.on('message', (message: unknown) => {
  // Calls of ports arrive on the same channel: they are no messages of this schema.
  const parsed = toSearchThreadSchema.safeParse(message).data
  if (parsed?.kind === 'channel') channelRequests.shift()?.(parsed.catalog)
  if (parsed?.kind === 'stop') stopping.abort()
})
/** Answers the searches that are already queued, then ends the thread. */
const exit = async (): Promise<void> => {
  await enqueue(() => undefined, new AbortController().signal)
  process.exit(0)
}
updater.run(stopping.signal).then(exit, (fault: unknown) => {
  if (stopping.signal.aborted) void exit()
  // Thrown outside of any promise: it ends the thread, and the supervisor gets the reason.
  else
    setImmediate(() => {
      throw fault
    })
})
