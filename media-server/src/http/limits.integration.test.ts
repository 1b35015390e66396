import { routes } from '@tonestead/protocol/routes'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'
import {
  defaultLimits,
  limitClassOf,
  limitClassOfRoute,
  scaleLimits,
  type LimitClass,
  type RequestLimits,
} from './limits.ts'
import { createRequestLimiter } from './request-limiter.ts'

const burst = 3
const tiny = { burst, perSecond: 1e-9 }
const plenty = { burst: 100_000, perSecond: 1000 }
const classNames = Object.keys(defaultLimits.classes) as LimitClass[]
const limitsWith = (change: { peer: typeof tiny; account?: typeof tiny }): RequestLimits => ({
  ...defaultLimits,
  classes: Object.fromEntries(
    classNames.map((name) => [name, { ...defaultLimits.classes[name], ...change }]),
  ) as RequestLimits['classes'],
})

const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})
const open = async (requestLimits: RequestLimits) => {
  const world = await openTestServer({ requestLimits })
  closers.push(world.close)
  return world
}

const concrete = (path: string): string =>
  path
    .replace('{id}', path.startsWith('/uploads') ? 'a'.repeat(32) : 'a'.repeat(26))
    .replace('{capability}', 'x')
    .replace('{file}', 'y')
type Sent = { readonly status: number; readonly text: string }
const send = async (origin: string, route: { method: string; path: string }, headers = {}): Promise<Sent> => {
  const hasBody = route.method === 'POST' || route.method === 'PATCH'
  const response = await fetch(origin + route.path, {
    method: route.method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(hasBody ? { body: '{}' } : {}),
  })
  // Event streams have no end.
  const text = response.headers.get('content-type')?.includes('event-stream') === true ? '' : await response.text()
  return { status: response.status, text }
}

describe('the table of limits', () => {
  it('has a class for every route, and a route for every line', () => {
    for (const { path } of routes) {
      expect(limitClassOfRoute(path), path).toBeDefined()
      expect(limitClassOf(concrete(path)), path).toBe(limitClassOfRoute(path))
    }
    const used = new Set(routes.map(({ path }) => limitClassOfRoute(path)))
    expect(classNames.filter((name) => !used.has(name))).toEqual(['shell'])
    expect([limitClassOf('/api/nothing'), limitClassOf('/nothing'), limitClassOf('/hls/x')]).toEqual([
      'read',
      'shell',
      'hls',
    ])
  })

  it('multiplies every limit', () => {
    const scaled = scaleLimits(defaultLimits, 10)
    expect(scaled.classes.claim).toMatchObject({ peer: { burst: 100, perSecond: 1 }, cost: 1 })
    expect([scaled.connections, scaled.proofs, scaled.classes.search.atOnce]).toEqual([5120, 200_000, 160])
  })

  it('limits every route by peer, before any proof is read, and /metrics says what was refused', async () => {
    const { origin } = await open({
      ...limitsWith({ peer: tiny }),
      classes: { ...limitsWith({ peer: tiny }).classes, operator: { peer: plenty, cost: 1 } },
    })
    const flooded = new Set<LimitClass>()
    for (const route of [...routes, { method: 'GET', path: '/', access: 'public' }]) {
      const limitClass = limitClassOf(concrete(route.path))
      if (limitClass === 'operator') continue
      const statuses: number[] = []
      for (let count = 0; count <= burst; count += 1)
        statuses.push((await send(origin, { method: route.method, path: concrete(route.path) })).status)
      // Routes of one class share its limit.
      const expected = flooded.has(limitClass) ? 0 : burst
      expect(
        statuses.map((status) => status === 429),
        `${route.method} ${route.path}`,
      ).toEqual(statuses.map((_, index) => index >= expected))
      flooded.add(limitClass)
    }
    expect([...flooded].toSorted()).toEqual(classNames.filter((name) => name !== 'operator').toSorted())
    const metrics = (await send(origin, { method: 'GET', path: '/metrics' })).text
    for (const name of flooded) expect(metrics).toContain(`refused_total{reason="peer-rate",class="${name}"}`)
    expect(metrics).toContain('refused_total{reason="proof-required",class="upload"}')
    expect(metrics).toContain('refused_total{reason="capability-invalid",class="hls"}')
    expect(metrics).toContain('refused_total{reason="chunk-not-found",class="file"}')
  })

  it('limits the operator routes by peer', async () => {
    const { origin } = await open(limitsWith({ peer: tiny }))
    const statuses: number[] = []
    for (let count = 0; count <= burst; count += 1)
      statuses.push((await send(origin, { method: 'GET', path: '/livez' })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  it('limits every signed route by account, also requests that are refused', async () => {
    const { origin } = await open(limitsWith({ peer: plenty, account: tiny }))
    const client = await makeClient(origin, await makeDevice())
    const flooded = new Set<LimitClass>()
    for (const route of routes.filter((each) => each.access === 'device' && each.path !== '/api/sessions')) {
      const path = concrete(route.path)
      const limitClass = limitClassOf(path)
      const statuses: number[] = []
      for (let count = 0; count <= burst; count += 1)
        statuses.push((await send(origin, { ...route, path }, await client.credentials(route.method, path))).status)
      const expected = flooded.has(limitClass) ? 0 : burst
      expect(
        statuses.map((status) => status === 429),
        `${route.method} ${route.path}: ${statuses.join()}`,
      ).toEqual(statuses.map((_, index) => index >= expected))
      flooded.add(limitClass)
    }
    const other = await makeClient(origin, await makeDevice())
    expect((await other.get('/api/releases')).status).toBe(200)
  })

  it('limits each HLS link', async () => {
    const { origin, shown, claimCode } = await open({
      ...limitsWith({ peer: plenty }),
      classes: { ...limitsWith({ peer: plenty }).classes, hls: { peer: plenty, account: tiny, cost: 1 } },
    })
    const client = await makeClient(origin, await makeDevice())
    await client.send('/api/claims', { code: claimCode })
    const linkOf = async (): Promise<string> =>
      ((await (await client.send('/api/hls-links', { recordingId: shown.recording.id })).json()) as { master: string })
        .master
    const path = await linkOf()
    const statuses: number[] = []
    for (let count = 0; count <= burst; count += 1) statuses.push((await send(origin, { method: 'GET', path })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })
})

describe('the request limiter', () => {
  const clock = { now: () => parseUnixMs(1), after: () => Promise.resolve() }

  it('limits what one peer and one account have waiting, so that nobody can take all places', () => {
    const limiter = createRequestLimiter(clock, {
      ...defaultLimits,
      classes: { ...defaultLimits.classes, search: { peer: plenty, account: plenty, atOnce: 2, cost: 1 } },
    })
    for (const enter of [limiter.byPeer, limiter.byAccount]) {
      const leave = enter('search', 'a')
      enter('search', 'a')
      expect(() => enter('search', 'a')).toThrow(expect.objectContaining({ code: 'rate-limited' }))
      enter('search', 'b')
      leave()
      enter('search', 'a')
    }
  })

  it('takes the cost of a class', () => {
    const limiter = createRequestLimiter(clock, {
      ...defaultLimits,
      classes: { ...defaultLimits.classes, claim: { peer: { burst: 10, perSecond: 1 }, cost: 4 } },
    })
    limiter.byPeer('claim', 'a')
    limiter.byPeer('claim', 'a')
    expect(() => limiter.byPeer('claim', 'a')).toThrow(expect.objectContaining({ reason: 'peer-rate' }))
  })

  it('limits the connections of one peer', () => {
    const limiter = createRequestLimiter(clock, { ...defaultLimits, connections: 1 })
    const leave = limiter.connection('a')
    expect([limiter.connection('a'), limiter.connection('b') !== false]).toEqual([false, true])
    if (leave !== false) leave()
    expect(limiter.connection('a')).not.toBe(false)
  })
})
