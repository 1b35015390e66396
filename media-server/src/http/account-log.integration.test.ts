import {
  agreementKeyOf,
  createAccount,
  createDevice,
  type Device,
} from '@tonestead/protocol/sync/log/signed-log.testkit'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { makeClient, type TestDevice } from './device.testkit.ts'
import { openSocket } from './raw-request.testkit.ts'

// Several devices of one account: the device log of several entries says who belongs to it.

let world: Awaited<ReturnType<typeof openTestServer>>
let zoe: Awaited<ReturnType<typeof createAccount>>
beforeAll(async () => {
  world = await openTestServer()
  zoe = await createAccount('zoe')
})
afterAll(() => world.close())

const clientOf = async (device: Device, entries = zoe.proof().items) => {
  const signing = { privateKey: device.signingKey, publicKey: device.public.signingKey }
  return makeClient(world.origin, { signing, deviceLog: entries } as unknown as TestDevice)
}
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code
const statusOf = async (device: Device, entries?: readonly string[]): Promise<string> => {
  const response = await (await clientOf(device, entries && [...entries])).openSession()
  return response.status === 200 ? 'open' : codeOf(response)
}

it('a second device joins with the log, and has the rights of the account until the log removes it, whatever it brings', async () => {
  const laptop = await clientOf(zoe.device)
  expect((await laptop.send('/api/claims', { code: world.claimCode })).status).toBe(200)
  const stranger = await createDevice('stranger')
  const phone = await createDevice('phone')
  expect(await statusOf(phone)).toBe('proof-invalid')
  await zoe.change({ kind: 'device-added', device: phone.public, joinBox: true }, zoe.device)
  const withPhone = zoe.proof().items
  const onPhone = await clientOf(phone)
  expect(await (await onPhone.openSession()).json()).toMatchObject({
    rights: expect.arrayContaining(['listen']) as unknown,
  })
  expect((await onPhone.get(`/api/recordings/${world.hidden.recording.id}/manifest`)).status).toBe(200)
  expect(await statusOf(stranger)).toBe('proof-invalid')

  const target = '/api/ingest/events'
  const stream = openSocket(world.origin)
  await once(stream, 'connect')
  const headers = Object.entries(await onPhone.credentials('GET', target)).map(([name, value]) => `${name}: ${value}`)
  stream.write([`GET ${target} HTTP/1.1`, 'host: localhost', ...headers, '', ''].join('\r\n'))
  const [answer] = (await once(stream, 'data')) as [Buffer]
  expect(answer.toString()).toContain('200 OK')
  const ended = once(stream, 'close')
  const agreementKey = await agreementKeyOf('licenses anew')
  await zoe.change({ kind: 'device-removed', device: phone.id, agreementKey }, zoe.device)
  expect(await statusOf(zoe.device)).toBe('open')
  await ended
  expect(await codeOf(await onPhone.get('/api/devices'))).toBe('device-removed')
  for (const entries of [withPhone, zoe.proof().items.slice(0, 1)])
    expect(await statusOf(phone, withPhone)).toBe(entries && 'device-removed')
  expect(await statusOf(zoe.device, withPhone)).toBe('open')
})
