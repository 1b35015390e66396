import { audienceOf, type Audience } from '@tonestead/protocol/audience'
import type { Session } from '@tonestead/protocol/auth'
import type { Clock } from '../../ports/clock.ts'
import type { KeptIndex, SearchWorker } from '../../ports/search-worker.ts'
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
  /** An answer of /api/search/changes; the thread that keeps it parses it. */
  readonly askForChanges: (after: number, signal: AbortSignal) => Promise<Answer<unknown>>
  readonly lock: TabLock
  readonly isVisible: () => boolean
  readonly setTooLarge: (isTooLarge: boolean) => Promise<void>
  /** Another thread like the device's, for work that must not keep a question waiting. */
  readonly startCompactor: () => SearchWorker | undefined
}

export type IndexSync = {
  /** Brings the index up to date; while that is under way one more round is noted, and no further ones. */
  sync(): void
  /** From now on a snapshot may be fetched, and every minute what changed. */
  start(): void
}

const lockName = 'tonestead-search-context'
const everyMs = 60_000
/** Popularity does not come with changes, only with a snapshot. */
const freshForMs = 3 * 86_400_000
const snapshotLimitMs = 600_000
const changesLimitMs = 30_000
const mostTries = 5
/** As many changes are worth a new snapshot. */
const mostPending = 500

type IndexSyncContext = IndexSyncDeps & { mayFetch: boolean; hasAskedIfTooLarge: boolean }
type Home = { readonly serverId: string; readonly audience: Audience }

export const createIndexSync = (deps: IndexSyncDeps): IndexSync => {
  const context: IndexSyncContext = { ...deps, mayFetch: false, hasAskedIfTooLarge: false }
  let [isRunning, isWanted] = [false, false]

  const run = async (): Promise<void> => {
    isRunning = true
    while (isWanted) {
      isWanted = false
      const signal = AbortSignal.timeout(snapshotLimitMs)
      await deps.lock(lockName, signal, () => keepUp(context, signal)).catch(report)
    }
    isRunning = false
  }
  const sync = (): void => {
    isWanted = true
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

/** Search goes on by the server; the next round tries again. */
const report = (cause: unknown): void => {
  console.warn(new Error('the index of this device could not be brought up to date', { cause }))
}

const keepUp = async (context: IndexSyncContext, signal: AbortSignal): Promise<void> => {
  await context.device.open()
  const home = await homeOf(context, signal)
  if (home === undefined || context.device.worker() === undefined || context.device.state.get().kind === 'unavailable')
    return
  const { device, mayFetch } = context
  if (!isOf(home, device.kept())) await openWhatOthersWrote(context, home)
  const kept = device.kept()
  const fetches = mayFetch && (!isOf(home, kept) || context.clock.now() - kept.fetchedAtMs > freshForMs)
  if (fetches) await fetchSnapshot(context, home, signal)
  const step = isOf(home, device.kept()) ? await follow(context, home, signal) : 'stopped'
  // A snapshot that is itself too old is being made anew by the server: it is fetched in the next round.
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

/** Who sees the same part of the catalog. */

type KeptCatalog = Extract<KeptIndex, { scope: 'catalog' }>
const isOf = ({ audience }: Home, kept: KeptIndex): kept is KeptCatalog =>
  kept.kind === 'ready' && kept.scope === 'catalog' && kept.audience === audience

type Step = 'in-step' | 'more' | 'outrun' | 'too-old' | 'stopped'

const follow = async (context: IndexSyncContext, home: Home, signal: AbortSignal): Promise<Step> => {
  for (let outrun = 0; outrun < mostTries;) {
    const step = await followOnce(context, home, signal)
    if (step === 'outrun') outrun += 1
    if (step === 'in-step') await compactSoon(context, home)
    if (step !== 'outrun' && step !== 'more') return step
  }
  return 'stopped'
}

/** Another tab may have fetched while this one waited for its turn. */
const openWhatOthersWrote = async ({ device }: IndexSyncContext, home: Home): Promise<void> => {
  const before = device.kept()
  if (before.kind === 'ready' && before.scope === 'touched') return
  const kept = await device.worker()?.open({ serverId: home.serverId, scope: 'catalog' })
  if (kept !== undefined && isOf(home, kept)) device.setKept(kept)
}

/** One page of changes. */
const followOnce = async (context: IndexSyncContext, { serverId }: Home, signal: AbortSignal): Promise<Step> => {
  const { device } = context
  const [kept, worker] = [device.kept(), device.worker()]
  if (kept.kind !== 'ready' || kept.scope !== 'catalog' || worker === undefined) return 'stopped'
  const answer = await context.askForChanges(
    kept.sequence,
    AbortSignal.any([signal, AbortSignal.timeout(changesLimitMs)]),
  )
  if (answer.kind !== 'ready') return 'stopped'
  const followed = await worker.follow({ after: kept.sequence, answer: answer.value })
  switch (followed.kind) {
    case 'too-old':
      return 'too-old'
    case 'no-room':
      device.giveUp()
      return 'stopped'
    case 'followed':
      device.setKept(followed.kept)
      return followed.isLast ? 'in-step' : 'more'
    case 'refused':
      if (followed.reason !== 'outrun') throw new Error(`the search changes were refused: ${followed.reason}`)
      device.setKept(await worker.open({ serverId, scope: 'catalog' }))
      return 'outrun'
  }
}

const compactSoon = async ({ device, startCompactor }: IndexSyncContext, { serverId }: Home): Promise<void> => {
  const kept = device.kept()
  if (kept.kind !== 'ready' || kept.scope !== 'catalog' || kept.pending < mostPending) return
  const folder = startCompactor()
  try {
    await folder?.fold(serverId)
  } finally {
    folder?.stop()
  }
}

const fetchSnapshot = async (context: IndexSyncContext, home: Home, signal: AbortSignal): Promise<void> => {
  const { device } = context
  const before = device.kept()
  if (before.kind === 'ready' && before.scope === 'touched') {
    if (context.hasAskedIfTooLarge) return
    context.hasAskedIfTooLarge = true
  }
  if (before.kind === 'absent') device.setFetching()
  try {
    await takeSnapshot(context, home, signal)
  } finally {
    if (device.state.get().kind === 'fetching') device.setKept(before)
  }
}

const takeSnapshot = async (
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
    context.hasAskedIfTooLarge = true
    await context.setTooLarge(true)
    device.setKept(await worker.open({ serverId, scope: 'touched' }))
    return
  }
  const result = await worker.replace({ serverId, audience, fetchedAtMs: clock.now(), bytes: answer.value })
  if (result.kind === 'refused') throw new Error(`the search snapshot was refused: ${result.reason}`)
  if (result.kind === 'no-room') return void (device.kept().kind === 'absent' && device.giveUp())
  await context.setTooLarge(false)
  device.setKept(result)
}
