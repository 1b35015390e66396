import { audienceOf, type Audience } from '@tonestead/protocol/audience'
import type { Session } from '@tonestead/protocol/auth'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { StoredIndex, SearchWorker } from '../../ports/search-worker.ts'
import type { TabLock } from '../../ports/tab-lock.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import type { SignedClient } from '../server/signed-client.ts'
import type { Answer } from '../server/answer.ts'
import type { DeviceIndex } from './device-index.ts'

export type IndexSyncDeps = {
  readonly device: DeviceIndex
  readonly client: SignedClient
  readonly server: Pick<ServerConnection, 'known' | 'isOnline'>
  readonly clock: Clock
  readonly log: Log
  /** Requests /api/search/changes. The search worker parses the answer. */
  readonly requestChanges: (after: number, signal: AbortSignal) => Promise<Answer<unknown>>
  readonly lock: TabLock
  readonly isVisible: () => boolean
  readonly setTooLarge: (isTooLarge: boolean) => Promise<void>
  /** Starts a second search worker, for work that would delay searches. */
  readonly startCompactor: () => SearchWorker | undefined
}

export type IndexSync = {
  /** Brings the index up to date. A call while that is running starts one more round after it. */
  sync(): void
  /** From now on snapshots may be fetched, and changes are fetched every minute. */
  start(): void
}

const lockName = 'tonestead-search-context'
const everyMs = 60_000
/** A snapshot is fetched again after this time: changes do not contain popularity. */
const freshForMs = 3 * 86_400_000
const snapshotLimitMs = 600_000
const changesLimitMs = 30_000
const mostTries = 5
/** With this many changes the stored index is compacted. */
const mostPending = 500

type IndexSyncContext = IndexSyncDeps & { mayFetch: boolean; hasCheckedSize: boolean }
type Home = { readonly serverId: string; readonly audience: Audience }

export const createIndexSync = (deps: IndexSyncDeps): IndexSync => {
  const context: IndexSyncContext = { ...deps, mayFetch: false, hasCheckedSize: false }
  let [isRunning, isRequested] = [false, false]

  const run = async (): Promise<void> => {
    isRunning = true
    while (isRequested) {
      isRequested = false
      const signal = AbortSignal.timeout(snapshotLimitMs)
      await deps
        .lock(lockName, signal, () => runOnce(context, signal))
        .catch(deps.log.failed('the index of this device was not brought up to date'))
    }
    isRunning = false
  }
  const sync = (): void => {
    isRequested = true
    if (!isRunning) void run()
  }
  return {
    sync,
    start: () => {
      context.mayFetch = true
      sync()
      deps.clock.every(everyMs, () => deps.isVisible() && deps.server.isOnline.get() && sync())
    },
  }
}

const runOnce = async (context: IndexSyncContext, signal: AbortSignal): Promise<void> => {
  await context.device.open()
  const home = await homeOf(context, signal)
  if (home === undefined || context.device.worker() === undefined || context.device.state.get().kind === 'unavailable')
    return
  const { device, mayFetch } = context
  if (!isOf(home, device.stored())) await openStored(context, home)
  const stored = device.stored()
  const fetches = mayFetch && (!isOf(home, stored) || context.clock.now() - stored.fetchedAtMs > freshForMs)
  if (fetches) await fetchSnapshot(context, home, signal)
  const step = isOf(home, device.stored()) ? await follow(context, home, signal) : 'stopped'
  // When even a new snapshot is too old, the server is building another one: it is fetched in the next round.
  if (step === 'too-old' && mayFetch && !fetches) await fetchSnapshot(context, home, signal)
}

const homeOf = async ({ client, server }: IndexSyncContext, signal: AbortSignal): Promise<Home | undefined> => {
  const known = await server.known(signal)
  const session = known && (client.session.get() ?? (await sessionOf(client, signal)))
  return session && { serverId: known.id, audience: audienceOf(session.rights) }
}

const sessionOf = async (client: SignedClient, signal: AbortSignal): Promise<Session | undefined> => {
  const answer = await client.connect(signal)
  return answer.kind === 'ready' ? answer.value : undefined
}

type StoredCatalog = Extract<StoredIndex, { scope: 'catalog' }>
const isOf = ({ audience }: Home, stored: StoredIndex): stored is StoredCatalog =>
  stored.kind === 'ready' && stored.scope === 'catalog' && stored.audience === audience

type Step = 'up-to-date' | 'more' | 'outrun' | 'too-old' | 'stopped'

const follow = async (context: IndexSyncContext, home: Home, signal: AbortSignal): Promise<Step> => {
  for (let outrun = 0; outrun < mostTries;) {
    const step = await followOnce(context, home, signal)
    if (step === 'outrun') outrun += 1
    if (step === 'up-to-date') await compactSoon(context, home)
    if (step !== 'outrun' && step !== 'more') return step
  }
  return 'stopped'
}

/** Another tab may have fetched a snapshot while this one waited for the lock. */
const openStored = async ({ device }: IndexSyncContext, home: Home): Promise<void> => {
  const before = device.stored()
  if (before.kind === 'ready' && before.scope === 'touched') return
  const stored = await device.worker()?.open({ serverId: home.serverId, scope: 'catalog' })
  if (stored !== undefined && isOf(home, stored)) device.setStored(stored)
}

/** One page of changes. */
const followOnce = async (context: IndexSyncContext, { serverId }: Home, signal: AbortSignal): Promise<Step> => {
  const { device } = context
  const [stored, worker] = [device.stored(), device.worker()]
  if (stored.kind !== 'ready' || stored.scope !== 'catalog' || worker === undefined) return 'stopped'
  const answer = await context.requestChanges(
    stored.sequence,
    AbortSignal.any([signal, AbortSignal.timeout(changesLimitMs)]),
  )
  if (answer.kind !== 'ready') return 'stopped'
  const followed = await worker.follow({ after: stored.sequence, answer: answer.value })
  switch (followed.kind) {
    case 'too-old':
      return 'too-old'
    case 'no-room':
      device.giveUp()
      return 'stopped'
    case 'followed':
      device.setStored(followed.stored)
      return followed.isLast ? 'up-to-date' : 'more'
    case 'refused':
      if (followed.reason !== 'outrun') throw new Error(`the search changes were refused: ${followed.reason}`)
      device.setStored(await worker.open({ serverId, scope: 'catalog' }))
      return 'outrun'
  }
}

const compactSoon = async ({ device, startCompactor }: IndexSyncContext, { serverId }: Home): Promise<void> => {
  const stored = device.stored()
  if (stored.kind !== 'ready' || stored.scope !== 'catalog' || stored.pending < mostPending) return
  const compactor = startCompactor()
  try {
    await compactor?.compact(serverId)
  } finally {
    compactor?.stop()
  }
}

const fetchSnapshot = async (context: IndexSyncContext, home: Home, signal: AbortSignal): Promise<void> => {
  const { device } = context
  const before = device.stored()
  if (before.kind === 'ready' && before.scope === 'touched') {
    if (context.hasCheckedSize) return
    context.hasCheckedSize = true
  }
  if (before.kind === 'absent') device.setFetching()
  try {
    await replaceSnapshot(context, home, signal)
  } finally {
    if (device.state.get().kind === 'fetching') device.setStored(before)
  }
}

const replaceSnapshot = async (
  context: IndexSyncContext,
  { serverId, audience }: Home,
  signal: AbortSignal,
): Promise<void> => {
  const { device, client, clock } = context
  const worker = device.worker()
  const answer = await client.download({ method: 'GET', path: '/api/search/snapshot', priority: 'low', signal })
  if (worker === undefined || answer.kind === 'offline') return
  if (answer.kind === 'problem') {
    if (answer.code !== 'catalog-too-large') return
    context.hasCheckedSize = true
    await context.setTooLarge(true)
    device.setStored(await worker.open({ serverId, scope: 'touched' }))
    return
  }
  const result = await worker.replace({ serverId, audience, fetchedAtMs: clock.now(), bytes: answer.value })
  if (result.kind === 'refused') throw new Error(`the search snapshot was refused: ${result.reason}`)
  if (result.kind === 'no-room') return void (device.stored().kind === 'absent' && device.giveUp())
  await context.setTooLarge(false)
  device.setStored(result)
}
