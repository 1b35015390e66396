import { EventEmitter } from 'node:events'
import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { createOpenRequests } from '../accounts/open-requests.ts'
import { identifyCaller } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

const device = parseDeviceId('a'.repeat(52))
const account = parseAccountId('b'.repeat(52))

it('a device that is removed while its request is being checked is refused', async () => {
  const openRequests = createOpenRequests()
  const services = {
    openRequests,
    sessions: {
      identify: () => {
        openRequests.endAll(device, { destroy: () => undefined })
        return Promise.resolve({ kind: 'device', account, device, rights: [] })
      },
    },
    limiter: { byAccount: () => () => undefined },
    accounts: { device: () => Promise.resolve(undefined) },
  } as unknown as HttpServices
  const app = new Hono<HttpEnv>()
  app.use(identifyCaller(services))
  app.get('/', (c) => c.text('answered'))
  let fault: unknown
  app.onError((error, c) => ((fault = error), c.text('refused', 403)))
  const outgoing = Object.assign(new EventEmitter(), { destroyed: false, req: { socket: new EventEmitter() } })
  const headers = { authorization: 'DPoP token', dpop: 'proof' }
  await app.request('/', { headers }, { outgoing: outgoing as never, incoming: undefined as never })
  expect(fault).toMatchObject({ code: 'device-removed' })
})
