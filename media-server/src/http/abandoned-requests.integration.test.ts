import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'
import { defaultLimits } from './limits.ts'
import { openSocket, rawRequest } from './raw-request.testkit.ts'

// A client that gives a request up takes no place of its account or its address for good. A person who types makes such requests with every key.

let world: Awaited<ReturnType<typeof openTestServer>>
let client: Awaited<ReturnType<typeof makeClient>>
const target = '/api/search?q=morning'
const most = defaultLimits.classes.search.atOnce ?? 0

beforeAll(async () => {
  world = await openTestServer()
})
beforeEach(async () => {
  client = await makeClient(world.origin, await makeDevice())
})
afterAll(() => world.close())

const signedRequest = async (): Promise<string> =>
  rawRequest({ method: 'GET', target, headers: await client.credentials('GET', target) })

/** Sends bytes and closes the connection, before anything is answered. */
const sendAndLeave = async (text: string): Promise<void> => {
  const socket = openSocket(world.origin)
  await once(socket, 'connect')
  socket.write(text, () => socket.destroy())
  await once(socket, 'close')
}

it('the place of its account is free again when the client leaves while its proof is checked', async () => {
  for (let count = 0; count < 2 * most; count += 1) await sendAndLeave(await signedRequest())
  await expect.poll(async () => (await client.get(target)).status, { timeout: 20_000 }).toBe(200)
})

it('the places of pipelined requests are free again when the client leaves before their turn', async () => {
  for (let times = 0; times < 4; times += 1) {
    const requests = await Promise.all(Array.from({ length: most / 2 }, signedRequest))
    await sendAndLeave(requests.join('').replaceAll('connection: close', 'connection: keep-alive'))
  }
  await expect.poll(async () => (await client.get(target)).status, { timeout: 20_000 }).toBe(200)
})
