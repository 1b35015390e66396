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
const readToEnd = async (reader: ReadableStreamDefaultReader | undefined): Promise<void> => {
  while ((await reader?.read())?.done === false);
}
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

it('the open event stream of a removed device ends, and the answer to a device that removes itself arrives', async () => {
  const claimed = await makeDevice()
  const [administrator, lost] = [
    await makeClient(origin, claimed),
    await makeClient(origin, await makeDevice(claimed.root)),
  ]
  expect((await administrator.send('/api/claims', { code: world.claimCode })).status).toBe(200)
  const items = async () => deviceListSchema.parse(await (await lost.get('/api/devices')).json()).items
  const idOf = async (isThis: boolean) => (await items()).find((device) => device.isThis === isThis)?.id ?? ''
  const [lostId, administratorId] = [await idOf(true), await idOf(false)]
  const open = async (client: typeof lost) => {
    const reader = (await client.get('/api/ingest/events')).body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    return reader
  }
  const streams = [await open(lost), await open(administrator)]

  expect((await remove(administrator, lostId)).status).toBe(204)
  await expect(readToEnd(streams[0])).rejects.toThrow()
  await expectProblem(lost.get('/api/ingest/events'), 'device-removed')

  expect((await remove(administrator, administratorId)).status).toBe(204)
  await expect(readToEnd(streams[1])).rejects.toThrow()
  await expectProblem(administrator.get('/api/devices'), 'device-removed')
})

it('a device list is for devices of the account alone', async () => {
  await expectProblem(fetch(`${origin}/api/devices`), 'proof-required')
  const own = deviceListSchema.parse(await (await stranger!.get('/api/devices')).json()).items
  expect(own.map(({ isThis }) => isThis)).toEqual([true])
})
