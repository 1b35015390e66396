import { readProof, sessionSchema, tokenHash, type ProofClaims } from '@tonestead/protocol/auth'
import { readDeviceLog, signingJwkSchema } from '@tonestead/protocol/device-log'
import { problemOf, type ProblemCode } from '@tonestead/protocol/problem'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import type { HttpReply, HttpRequest } from '../../ports/http-client.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { createAccount } from '../account/create-account.ts'
import { createIdentity, rootKeyOf } from '../account/create-identity.ts'
import { notReadyRetries } from '../failures/retries.ts'
import { createServerConnection } from './server-connection.ts'
import { createSignedClient } from './signed-client.ts'

const { subtle } = crypto
const never = new AbortController().signal

const replyOf = (status: number, body: unknown, contentType = 'application/json'): HttpReply => {
  const text = body === undefined ? '' : JSON.stringify(body)
  return {
    kind: 'reply',
    status,
    header: (name) => (name === 'content-type' ? contentType : undefined),
    text: () => Promise.resolve(text),
    bytes: () => Promise.resolve(new TextEncoder().encode(text)),
    lines: async function* () {
      yield* text.split('\n')
    },
  }
}
const problem = (code: ProblemCode): HttpReply =>
  replyOf(problemOf(code).status, problemOf(code), 'application/problem+json')

type Seen = { readonly request: HttpRequest; readonly claims: ProofClaims | undefined }

const createWorld = async (options: { values?: ValueStore; serverAheadMs?: number } = {}) => {
  const clock = createManualClock()
  const values = options.values ?? createMemoryValueStore()
  const random = createSeededRandom(Math.floor(Math.random() * 1e9))
  const identity = await createIdentity({ subtle, random, clock }, 'Test device')
  const { publicKey } = (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const { kty, crv, x } = await subtle.exportKey('jwk', publicKey)
  const server = {
    isUp: true,
    id: 'server-1',
    key: signingJwkSchema.parse({ kty, crv, x }),
    isClaimed: true,
    sessions: 0,
  }
  const seen: Seen[] = []
  const serverNow = (): number => clock.now() + (options.serverAheadMs ?? 0)
  const answers: Partial<Record<string, () => HttpReply>> = {}
  const http = {
    send: async (request: HttpRequest): Promise<HttpReply | { kind: 'unreachable' }> => {
      if (!server.isUp) return { kind: 'unreachable' }
      const path = request.path.split('?')[0]!
      const proof = request.headers['dpop']
      seen.push({ request, claims: proof === undefined ? undefined : (await readProof(proof))?.claims })
      if (answers[path] !== undefined) return answers[path]()
      if (path === '/api/server')
        return replyOf(200, {
          id: server.id,
          name: 'S',
          version: '1',
          signingKey: server.key,
          isClaimed: server.isClaimed,
          time: serverNow(),
        })
      if (path === '/api/sessions') {
        server.sessions += 1
        const session = {
          token: `token-${server.sessions}`,
          expiresAt: serverNow() + 600_000,
          serverTime: serverNow(),
          account: identity.accountId,
          device: identity.deviceId,
          rights: ['listen'],
        }
        return replyOf(200, sessionSchema.parse(session))
      }
      return replyOf(200, { path: request.path })
    },
  }
  const connection = createServerConnection({ http, values, clock, log })
  const client = createSignedClient({ http, server: connection, values, subtle, clock, random, identity, log })
  const request = (path = '/api/things') =>
    client.request({ method: 'GET', path, query: { a: 'b' }, signal: never }, z.object({ path: z.string() }))
  return { clock, values, identity, server, seen, answers, connection, client, request, serverNow }
}

describe('the identity', () => {
  test('its device log proves its keys, and the private keys are not extractable', async () => {
    const { identity } = await createWorld()
    expect(await readDeviceLog(subtle, identity.deviceLog)).toMatchObject([
      { account: identity.accountId, device: identity.deviceId, name: 'Test device' },
    ])
    expect(identity.signing.privateKey.extractable).toBe(false)
    expect(identity.agreement.privateKey.extractable).toBe(false)
  })
  test('the same entropy gives the same root key', async () => {
    const entropy = createSeededRandom(7).bytes(16)
    expect((await rootKeyOf(subtle, entropy)).publicKey).toEqual((await rootKeyOf(subtle, entropy)).publicKey)
  })
})

describe('signed requests', () => {
  test('have a proof of method, path without query, server, time and token, each with an id of its own', async () => {
    const world = await createWorld({ serverAheadMs: 3_600_000 })
    expect(await world.request()).toEqual({ kind: 'ready', value: { path: '/api/things?a=b' } })
    await world.request()
    const claims = world.seen.slice(-2).map((each) => each.claims)
    expect(claims[0]).toMatchObject({
      htm: 'GET',
      htu: '/api/things',
      aud: 'server-1',
      ath: await tokenHash(subtle, 'token-1'),
    })
    // By the clock of the server, however wrong the clock of the device is.
    expect(claims[0]!.iat).toBe(Math.floor(world.serverNow() / 1000))
    expect(claims[0]!.jti).not.toBe(claims[1]!.jti)
    expect(world.server.sessions).toBe(1)
  })
  test('concurrent requests open one session', async () => {
    const world = await createWorld()
    await Promise.all(Array.from({ length: 8 }, () => world.request()))
    expect(world.server.sessions).toBe(1)
  })
  test('the token is renewed before it expires', async () => {
    const world = await createWorld()
    await world.request()
    await world.clock.advance(545_000)
    await world.request()
    expect(world.server.sessions).toBe(2)
  })
  test('a session is used again after a reload, but not with another server', async () => {
    const first = await createWorld()
    await first.request()
    const second = await createWorld({ values: first.values })
    await second.request()
    expect(second.server.sessions).toBe(0)
    const third = await createWorld({ values: first.values })
    third.server.id = 'server-2'
    await third.connection.refresh(never)
    await third.request()
    expect(third.server.sessions).toBe(1)
  })
  test.each(['token-expired', 'proof-invalid', 'clock-skewed'] as const)(
    '%s: one retry with a new session',
    async (code) => {
      const world = await createWorld()
      let refused = 0
      world.answers['/api/things'] = () => ((refused += 1) === 1 ? problem(code) : replyOf(200, { path: 'again' }))
      expect(await world.request()).toEqual({ kind: 'ready', value: { path: 'again' } })
      expect(world.server.sessions).toBe(2)
    },
  )
  test('a refusal is returned with its code, an answer that is not understood as internal', async () => {
    const world = await createWorld()
    world.answers['/api/things'] = () => problem('release-not-found')
    expect(await world.request()).toMatchObject({ kind: 'problem', code: 'release-not-found' })
    world.answers['/api/things'] = () => replyOf(500, '<html>')
    expect(await world.request()).toMatchObject({ kind: 'problem', code: 'internal' })
    world.answers['/api/things'] = () => replyOf(200, { other: 1 })
    expect(await world.request()).toMatchObject({ kind: 'problem', code: 'internal' })
  })
  test('without a server: offline, and online again by itself', async () => {
    const world = await createWorld()
    await world.request()
    world.server.isUp = false
    expect(await world.request()).toEqual({ kind: 'offline' })
    expect(world.connection.isOnline.get()).toBe(false)
    const stop = world.connection.start()
    world.server.isUp = true
    await world.clock.advance(6000)
    expect(world.connection.isOnline.get()).toBe(true)
    stop()
  })
  test('the browser goes offline and online again: the server is looked for at once', async () => {
    const world = await createWorld()
    world.connection.onNetworkChange(false)
    expect(world.connection.isOnline.get()).toBe(false)
    world.connection.onNetworkChange(true)
    await expect.poll(() => world.connection.isOnline.get()).toBe(true)
  })
  test('a proxy that cannot reach the server counts as offline', async () => {
    const world = await createWorld()
    world.answers['/api/things'] = () => replyOf(503, '<html>', 'text/html')
    expect(await world.request()).toEqual({ kind: 'offline' })
    expect(world.connection.isOnline.get()).toBe(false)
  })
  test('a server that is not ready gets the request again after a delay, each time with a new proof, and is online', async () => {
    const world = await createWorld()
    await world.request()
    const before = world.seen.length
    const requests = () => world.seen.length - before
    let unready = 2
    world.answers['/api/things'] = () => ((unready -= 1) >= 0 ? problem('not-ready') : replyOf(200, { path: 'ready' }))
    const answer = world.request()
    await expect.poll(requests).toBe(1)
    await world.clock.advance(notReadyRetries.delayMs - 1)
    expect(requests()).toBe(1)
    expect(world.connection.isOnline.get()).toBe(true)
    await world.clock.advance(1)
    await expect.poll(requests).toBe(2)
    await world.clock.advance(notReadyRetries.delayMs)
    expect(await answer).toEqual({ kind: 'ready', value: { path: 'ready' } })
    expect(new Set(world.seen.slice(before).map(({ claims }) => claims?.jti)).size).toBe(3)
  })
  test('a server that stays not ready is reported as that, not as offline', async () => {
    const world = await createWorld()
    await world.request()
    const before = world.seen.length
    world.answers['/api/things'] = () => problem('not-ready')
    const answer = world.request()
    for (let retries = 0; retries < notReadyRetries.most; retries += 1) {
      await expect.poll(() => world.seen.length - before).toBe(1 + retries)
      await world.clock.advance(notReadyRetries.delayMs)
    }
    expect(await answer).toMatchObject({ kind: 'problem', code: 'not-ready' })
    expect(world.seen.length - before).toBe(1 + notReadyRetries.most)
  })
  test('an abort ends the wait for a server that is not ready', async () => {
    const world = await createWorld()
    world.answers['/api/things'] = () => problem('not-ready')
    const stop = new AbortController()
    const answer = world.client.request({ method: 'GET', path: '/api/things', signal: stop.signal }, z.unknown())
    answer.catch(() => undefined)
    await world.clock.advance(1)
    stop.abort(new Error('left the page'))
    await expect(answer).rejects.toThrow('left the page')
  })
})

describe('the pinned key', () => {
  test('the same server with another key is refused', async () => {
    const world = await createWorld()
    await world.connection.known(never)
    world.server.key = { ...world.server.key, x: 'B'.repeat(43) }
    await expect(world.connection.refresh(never)).rejects.toThrow(/another signing key/)
    expect(world.connection.server.get()?.signingKey.x).not.toBe('B'.repeat(43))
  })
})

describe('the devices of the account', () => {
  const listed = [{ id: 'a', name: 'Chrome on Linux', registeredAt: 1, seenAt: 2, isThis: true }]
  const openAccount = async () => {
    const world = await createWorld()
    const account = createAccount({ ...world, server: world.connection, log })
    account.start()
    await expect.poll(() => account.view.get()).toMatchObject({ kind: 'ready', rights: ['listen'], isRemoved: false })
    return { ...world, account }
  }
  test('are listed as the server says, and another one can be removed, also when it was removed before', async () => {
    const { account, answers, seen } = await openAccount()
    answers['/api/devices'] = () => replyOf(200, { items: listed })
    expect(await account.devices(never)).toEqual({ kind: 'ready', value: listed })
    answers['/api/devices/b'] = () => replyOf(204, undefined)
    expect(await account.removeDevice('b')).toEqual({ kind: 'ready', value: 'removed' })
    expect(seen.at(-1)?.claims).toMatchObject({ htm: 'DELETE', htu: '/api/devices/b' })
    answers['/api/devices/b'] = () => problem('not-found')
    expect(await account.removeDevice('b')).toEqual({ kind: 'ready', value: 'removed' })
    answers['/api/devices/b'] = () => problem('rate-limited')
    expect(await account.removeDevice('b')).toMatchObject({ kind: 'problem', code: 'rate-limited' })
  })
  test('a device that was removed says so, and requests nothing more', async () => {
    const { account, answers, seen, request } = await openAccount()
    answers['/api/things'] = () => problem('device-removed')
    expect(await request()).toMatchObject({ code: 'device-removed' })
    expect(account.view.get()).toMatchObject({ isRemoved: true })
    const before = seen.length
    expect(await request('/api/others')).toMatchObject({ code: 'device-removed' })
    expect(seen.length).toBe(before)
  })
  test('a device that was removed while it was away learns it when it opens a session', async () => {
    const world = await createWorld()
    const account = createAccount({ ...world, server: world.connection, log })
    world.answers['/api/sessions'] = () => problem('device-removed')
    account.start()
    await expect.poll(() => account.view.get()).toMatchObject({ isRemoved: true })
  })
})

describe('the account', () => {
  test('a claim code makes this account an administrator, or the outcome says why not', async () => {
    const world = await createWorld()
    const account = createAccount({ ...world, server: world.connection, log })
    world.answers['/api/claims'] = () => replyOf(200, { rights: ['administer'] })
    expect(await account.claim('abcdefgh')).toBe('claimed')
    world.answers['/api/claims'] = () => problem('already-claimed')
    expect(await account.claim('abcdefgh')).toBe('already-claimed')
    world.answers['/api/claims'] = () => problem('claim-invalid')
    expect(await account.claim('abcdefgh')).toBe('claim-invalid')
    world.server.isUp = false
    expect(await account.claim('abcdefgh')).toBe('offline')
  })
  test('its view has the rights and the server', async () => {
    const world = await createWorld()
    const account = createAccount({ ...world, server: world.connection, log })
    account.start()
    await world.clock.advance(1)
    await expect
      .poll(() => account.view.get())
      .toMatchObject({ kind: 'ready', rights: ['listen'], serverName: 'S', isOnline: true })
  })
})
