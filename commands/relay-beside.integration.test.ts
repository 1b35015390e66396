import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningProcesses } from '../harness/child-processes.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { defaultConfig } from '../media-server/src/config.ts'
import { makeClient } from '../media-server/src/http/device.testkit.ts'
import { startMediaServer, type RunningMediaServer } from '../media-server/src/start-media-server.ts'
import { relayPassAnswerSchema } from '../protocol/src/relay-pass.ts'
import type { Account } from '../protocol/src/sync/log/signed-log.testkit.ts'
import { writeTestRelayKey } from '../sync-server/src/relay-process.testkit.ts'
import { testRelayKey } from '../sync-server/src/relay/memory-relay.testkit.ts'
import { mustAppend, newAccountOf, publishAccount, readTo } from '../sync-server/src/relay/test-world.testkit.ts'
import { connect, openSocket, upgradeStatus } from '../sync-server/src/test-client.testkit.ts'

// The relay as `npm start` runs it: a process beside the media server, behind the same port.

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: RunningMediaServer
let origin: string

const children = (): number[] =>
  runningProcesses()
    .filter(({ parent }) => parent === process.pid)
    .map(({ pid }) => pid)

beforeAll(async () => {
  folder = await temporaryFolder('relay-beside')
  await writeTestRelayKey(join(folder.path, 'relay'))
  server = await startMediaServer({
    ...defaultConfig(),
    dataFolder: folder.path,
    port: 0,
    isDemoWanted: false,
    logLevel: 'error',
    relayProgram: join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts'),
  })
  origin = server.url.replace('localhost', '127.0.0.1')
})
afterAll(() => folder[Symbol.asyncDispose]())

/** The same keys for both servers, as in the page. */
const clientOf = (account: Account) => {
  const { operation } = account.items[0]!.header
  if (operation.kind !== 'account-created') throw new Error('an account begins with its creation')
  const signing = { privateKey: account.device.signingKey, publicKey: account.device.public.signingKey }
  return makeClient(origin, { root: account.root, signing, deviceLog: [operation.deviceLogEntry] } as never)
}
const openAt = (headers = {}) => openSocket(`${origin.replace('http', 'ws')}/sync`, headers)
const statusOf = (path: string, headers: Record<string, string>) =>
  upgradeStatus(`${origin.replace('http', 'ws')}${path}`, headers)

/** Two servers are started, on a machine that may be busy. */
const longMs = 300_000

describe('the relay beside the media server', { timeout: longMs }, () => {
  test('serves accounts that the media server knows, through the same port, and stops with it', async () => {
    const account = await newAccountOf('Ada')
    const client = await clientOf(account)
    await expect.poll(() => statusOf('/sync', {}), { timeout: 120_000 }).toBe(101)
    const { publicKey } = await testRelayKey()
    expect(await (await fetch(`${origin}/api/server`)).json()).toMatchObject({ relay: publicKey })

    // A session alone is no right.
    expect((await client.send('/api/relay-passes', { relay: publicKey.x })).status).toBe(403)
    const guest = await connect({ account, open: openAt() })
    expect(await guest.append(account.items[0]!)).toMatchObject({ kind: 'refused', reason: 'not-permitted' })

    await client.send('/api/claims', { code: server.claimUrl?.split('#claim=')[1] })
    const answer = await client.send('/api/relay-passes', { relay: publicKey.x })
    const { pass } = relayPassAnswerSchema.parse(await answer.json())
    const ada = await connect({ account, open: openAt({ origin }), pass })
    const collection = await publishAccount(ada)
    await readTo(ada, collection, await mustAppend(ada, await ada.envelope(collection, 250_000)))
    expect(ada.faults).toEqual([])

    // A pass is of no use for another account.
    const other = await newAccountOf('Ben')
    await expect(connect({ account: other, open: openAt(), pass })).rejects.toThrow('pass-invalid')

    expect(await statusOf('/sync', { origin: 'https://evil.example' })).toBe(403)
    expect(await statusOf('/other', {})).not.toBe(101)
    expect((await fetch(`${origin}/sync`)).status).toBe(426)
    // A client that offers another protocol with a request gets its answer.
    expect((await fetch(`${origin}/api/server`)).status).toBe(200)

    const before = children()
    const stopping = server.stop()
    expect(await ada.until(ada.isKind('draining'), 0)).toMatchObject({ kind: 'draining' })
    expect(await ada.closed).toBe(1001)
    await stopping
    const running = new Set(runningProcesses().map(({ pid }) => pid))
    expect(before.filter((pid) => running.has(pid))).toEqual([])
  })
})
