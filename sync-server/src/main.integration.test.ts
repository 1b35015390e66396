import { spawnSync } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { relayKeyFile } from './platform/files/relay-key.ts'
import { runRelayKills } from './relay-kills.testkit.ts'
import { startRelayProcess, writeTestRelayKey } from './relay-process.testkit.ts'
import { mustAppend, newAccountOf, publishAccount, readTo } from './relay/test-world.testkit.ts'
import { temporaryFolder } from './temporary-folder.testkit.ts'
import { connect, openSocket, upgradeStatus } from './test-client.testkit.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const running: { kill: () => Promise<void> }[] = []
const start = async (...args: string[]) => {
  const relay = await startRelayProcess(['--data', folder.path, ...args])
  running.push(relay)
  return relay
}
beforeEach(async () => {
  folder = await temporaryFolder('relay')
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((relay) => relay.kill()))
  await folder[Symbol.asyncDispose]()
})

/** Several programs are started one after the other, on a machine that may be busy. */
const longMs = 300_000

describe('the relay as a program', { timeout: longMs }, () => {
  it('keeps what it has receipted over a clean stop, says that it stops, and ends its thread', async () => {
    await writeTestRelayKey(folder.path)
    const relay = await start('--open')
    const account = await newAccountOf('Ada')
    const ada = await connect({ account, open: openSocket(relay.url) })
    const collection = await publishAccount(ada)
    await readTo(ada, collection, await mustAppend(ada, await ada.envelope(collection, 200_000)))
    const stopping = relay.stop()
    expect(await ada.until(ada.isKind('draining'), 0)).toMatchObject({ reconnectAfterMs: 1000 })
    expect(await ada.closed).toBe(1001)
    expect(await stopping).toBe(0)
    expect(ada.faults).toEqual([])
    const again = await start('--open')
    const second = await connect({ account, open: openSocket(again.url), logs: new Map() })
    second.subscribe(collection)
    await readTo(second, collection, 2)
    expect(second.faults).toEqual([])
  })

  it('answers health checks and metrics, metrics without a proxy only', async () => {
    const { origin } = await start('--open')
    const get = (path: string, headers = {}) => fetch(`${origin}${path}`, { headers })
    expect((await get('/livez')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
    expect(await (await get('/metrics')).text()).toContain('relay_sockets 0')
    expect((await get('/metrics', { 'x-forwarded-for': '192.0.2.1' })).status).toBe(404)
    expect((await get('/sync')).status).toBe(426)
    expect((await get('/other')).status).toBe(404)
  })

  it('[RC13] takes pages of its own host and of the origins it was given, and programs', async () => {
    const { url, origin } = await start('--open', '--origin', 'https://music.example')
    expect(await upgradeStatus(url, {})).toBe(101)
    expect(await upgradeStatus(url, { origin })).toBe(101)
    expect(await upgradeStatus(url, { origin: 'https://music.example' })).toBe(101)
    expect(await upgradeStatus(url, { origin: 'https://evil.example' })).toBe(403)
    expect(await upgradeStatus(url.replace('/sync', '/other'), {})).toBe(404)
  })

  it('[RC13] closes who sends a frame that is too large, or text', async () => {
    const { url } = await start('--open')
    const account = await newAccountOf('Ada')
    const large = await connect({ account, open: openSocket(url), authenticates: false })
    large.sendRaw(new Uint8Array(2 * 1024 * 1024))
    expect(await large.closed).toBe(1009)
    const socket = new WebSocket(url)
    socket.on('open', () => socket.send('hello'))
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4400)
  })

  it('refuses to start without saying who may use it, on a taken folder, and with a key that others can read', async () => {
    const main = join(import.meta.dirname, 'main.ts')
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [main, '--port', '0', '--data', folder.path, ...args], { encoding: 'utf8' })
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('--pass-key') })
    const relay = await start('--open')
    expect(run('--open')).toMatchObject({ status: 1, stderr: expect.stringContaining('Another relay is running') })
    await relay.stop()
    await chmod(relayKeyFile(folder.path), 0o644)
    expect(run('--open')).toMatchObject({ status: 1, stderr: expect.stringContaining('chmod go=') })
  })

  it('[RC3] has every item that got a receipt after kill -9 while eight devices write', async () => {
    let seed = 7
    const random = (): number => ((seed = (seed * 48_271) % 2_147_483_647), seed / 2_147_483_647)
    const report = await runRelayKills({ dataFolder: folder.path, runs: 3, random })
    expect(report).toMatchObject({ runs: 3, lost: 0, faults: [] })
    expect(report.receipts).toBeGreaterThanOrEqual(3)
  })
})
