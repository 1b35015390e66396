import { deviceListSchema } from '@tonestead/protocol/auth'
import { hlsLinkSchema } from '@tonestead/protocol/license'
import { afterAll, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { expectProblem } from './claimed-server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const world = await openTestServer()
afterAll(() => world.close())
const { origin, shown } = world
const first = await makeDevice()
const stolen = await makeDevice(first.root)
const [owner, thief, stranger] = await Promise.all(
  [first, stolen, await makeDevice()].map((device) => makeClient(origin, device)),
)
const list = async () => deviceListSchema.parse(await (await owner!.get('/api/devices')).json()).items
const remove = async (client: typeof owner, id: string) =>
  fetch(`${origin}/api/devices/${id}`, {
    method: 'DELETE',
    headers: await client!.credentials('DELETE', `/api/devices/${id}`),
  })

it('a removed device loses its token, sessions, licenses and links at once, and cannot come back', async () => {
  await thief!.get('/api/devices')
  const devices = await list()
  expect(devices).toHaveLength(2)
  expect(devices.filter(({ isThis }) => isThis)).toHaveLength(1)
  const id = devices.find(({ isThis }) => !isThis)?.id ?? ''
  const wish = { recordings: [shown.recording.id] }
  expect((await thief!.send('/api/licenses', wish)).status).toBe(200)
  const link = hlsLinkSchema.parse(
    await (await thief!.send('/api/hls-links', { recordingId: shown.recording.id })).json(),
  )
  const key = `${origin}${link.master.replace('master.m3u8', 'key')}`
  expect((await fetch(key)).status).toBe(200)

  await expectProblem(remove(stranger, id), 'not-found')
  expect((await remove(owner, id)).status).toBe(204)
  await expectProblem(remove(owner, id), 'not-found')

  await expectProblem(thief!.get('/api/devices'), 'device-removed')
  await expectProblem(thief!.get('/api/tracks'), 'device-removed')
  await expectProblem(thief!.send('/api/licenses', wish), 'device-removed')
  await expectProblem(fetch(key), 'capability-invalid')
  await expectProblem(thief!.openSession(), 'device-removed')
  expect(await list()).toHaveLength(1)
  expect((await owner!.send('/api/licenses', wish)).status).toBe(200)
})

it('a device list is for devices of the account alone', async () => {
  await expectProblem(fetch(`${origin}/api/devices`), 'proof-required')
  const own = deviceListSchema.parse(await (await stranger!.get('/api/devices')).json()).items
  expect(own.map(({ isThis }) => isThis)).toEqual([true])
})
