// The search thread: owns the index of the whole catalog and keeps it in step. `run-search-thread.ts` starts it, gives it channels to the catalog,
// and calls its port `engine`. It says `built` when a successor may open a new build, and ends at the message `stop`; whatever else ends it has it started anew.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { openSearchIndex } from '@tonestead/search-index/search-index'
import { createFsIndexSnapshots } from './platform/files/fs-index-snapshots.ts'
import { runOneShotThread } from './platform/process/one-shot-thread.ts'
import { exposePort, remotePort } from './platform/process/remote-port.ts'
import { systemClock } from './platform/system-clock.ts'
import type { Audience } from '@tonestead/protocol/audience'
import type { SearchSource } from './ports/search-source.ts'
import type { BuiltIndex } from './search/build-index.ts'
import { createDeviceSnapshots } from './search/device-snapshots.ts'
import type { HeldIndex } from './search/held-index.ts'
import { createIndexUpdater } from './search/index-updater.ts'
import { createSearchEngine } from './search/search-engine.ts'
import { searchThreadStartSchema, toSearchThreadSchema, type FromSearchThread } from './search/search-messages.ts'
import { createSerialQueue } from './search/serial-queue.ts'

const channel = parentPort
if (channel === null) throw new Error('this file runs as a worker thread')
const start = searchThreadStartSchema.parse(workerData)
const stopping = new AbortController()
/** Who waits for a channel to the catalog, in order. */
const wanting: ((catalog: MessagePort) => void)[] = []
const tell = (message: FromSearchThread): void => {
  channel.postMessage(message)
}
const tellFault = (message: string, fault: unknown): void => {
  tell({ kind: 'fault', message, detail: (fault instanceof Error ? fault.stack : undefined) ?? String(fault) })
}
const catalogChannel = (): Promise<MessagePort> =>
  new Promise((resolve) => {
    wanting.push(resolve)
    tell({ kind: 'channel-wanted' })
  })

const snapshots = createFsIndexSnapshots(start.folder)
const clock = systemClock

type Build = { readonly audience: Audience; readonly isHandedOver: boolean }

/** One build at a time, whoever wants it. */
const createBuilds = (onMade: (built: BuiltIndex) => void) => {
  let last: Promise<unknown> = Promise.resolve()
  const build = async ({ audience, isHandedOver }: Build, signal: AbortSignal): Promise<BuiltIndex> => {
    const catalog = await catalogChannel()
    const program = new URL('./search-build-thread.main.ts', import.meta.url)
    const built = (await runOneShotThread(
      { program, data: { folder: start.folder, audience, isHandedOver, catalog }, transfer: [catalog] },
      signal,
    )) as BuiltIndex
    onMade(built)
    return built
  }
  return (wanted: Build, signal: AbortSignal): Promise<BuiltIndex> => {
    const mine = last.then(() => build(wanted, signal))
    last = mine.catch(() => undefined)
    return mine
  }
}

const stateOf = ({ index, sequence }: HeldIndex, isBuilding: boolean): FromSearchThread => ({
  kind: 'state',
  state: {
    documents: { track: index.count('track'), release: index.count('release'), artist: index.count('artist') },
    pending: index.pendingCount(),
    sequence,
    isBuilding,
  },
})

const { port: source } = remotePort<SearchSource>(start.catalog, 'search')
const builds = createBuilds((built) => {
  if (built.unkept === undefined) devices.made(built.about)
})
const updater = createIndexUpdater({
  source,
  snapshots,
  clock,
  build: (isHandedOver, signal) => builds({ audience: 'listeners', isHandedOver }, signal),
  open: openSearchIndex,
  isKeptTrusted: start.isKeptTrusted,
  isSuccessor: start.isSuccessor,
  onState: (held, isBuilding) => {
    tell(stateOf(held, isBuilding))
  },
  onBuilt: () => {
    tell({ kind: 'built' })
  },
  onFault: tellFault,
})
let isPublicBuilding = false
const buildPublic = async (): Promise<void> => {
  if (isPublicBuilding) return
  isPublicBuilding = true
  await builds({ audience: 'everyone', isHandedOver: false }, stopping.signal).catch((fault: unknown) => {
    tellFault('The search index for everyone could not be built.', fault)
  })
  isPublicBuilding = false
}
const devices = createDeviceSnapshots({
  source,
  snapshots,
  clock,
  renew: (audience) => {
    if (audience === 'listeners') updater.rebuild()
    else void buildPublic()
  },
})
const pass = createSerialQueue(() => new Promise((resolve) => setImmediate(resolve)))
exposePort(channel, 'engine', createSearchEngine({ held: updater.held, pass, devices }))

channel.on('message', (message: unknown) => {
  const told = toSearchThreadSchema.safeParse(message).data
  if (told?.kind === 'channel') wanting.shift()?.(told.catalog)
  if (told?.kind === 'stop') stopping.abort()
})
/** What was asked before is answered first. */
const leave = async (): Promise<void> => {
  await pass(() => undefined, new AbortController().signal)
  process.exit(0)
}
updater.run(stopping.signal).then(leave, (fault: unknown) => {
  if (stopping.signal.aborted) void leave()
  // Thrown where nothing catches it: the thread ends, and its end tells why.
  else
    setImmediate(() => {
      throw fault
    })
})
