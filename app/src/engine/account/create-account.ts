import { deviceListSchema } from '@tonestead/protocol/auth'
import { z } from 'zod'
import { createCell } from '../cell.ts'
import type { DeviceIdentity } from '../../ports/device-store.ts'
import type { Log } from '../../ports/log.ts'
import type { AccountService, AccountView } from './account.ts'
import { isUnanswered, type Answer } from '../server/answer.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import type { SignedClient } from '../server/signed-client.ts'

type Claimed = Awaited<ReturnType<AccountService['claim']>>

type Deps = {
  readonly identity: DeviceIdentity
  readonly client: SignedClient
  readonly server: ServerConnection
  readonly log: Log
}

/** The account as the UI shows it: the identity of this device, and its rights on the server. */
export const createAccount = (deps: Deps): AccountService & { start(): void } => {
  const { identity, client, server } = deps
  const view = createCell<AccountView>({ kind: 'starting' })

  const update = (): void => {
    const known = server.server.get()
    view.set({
      kind: 'ready',
      accountId: identity.accountId,
      deviceId: identity.deviceId,
      rights: client.session.get()?.rights ?? lastRights(view.get()),
      serverName: known?.name ?? '',
      isClaimed: known?.isClaimed ?? true,
      isOnline: server.isOnline.get(),
      isRemoved: client.isRemoved.get(),
    })
  }

  return {
    view,
    claim: async (code) => {
      const signal = AbortSignal.timeout(30_000)
      const answer = await client.request({ method: 'POST', path: '/api/claims', body: { code }, signal }, z.unknown())
      if (isUnanswered(answer)) return 'offline'
      if (answer.kind === 'problem') return claimProblems[answer.code] ?? 'claim-invalid'
      // The session says which rights the account has now.
      await Promise.all([client.connect(signal), server.refresh(signal)])
      return 'claimed'
    },
    devices: async (signal) => {
      const answer = await client.request({ method: 'GET', path: '/api/devices', signal }, deviceListSchema)
      return answer.kind === 'ready' ? { kind: 'ready', value: answer.value.items } : answer
    },
    removeDevice: (id) => removeDevice(client, id),
    start: () => {
      server.server.subscribe(update)
      server.isOnline.subscribe(update)
      client.session.subscribe(update)
      client.isRemoved.subscribe(update)
      update()
      void connectAndRefresh(deps)
      server.isOnline.subscribe(() => {
        if (server.isOnline.get() && client.session.get() === undefined) void connectAndRefresh(deps)
      })
    },
  }
}

const removeDevice = async (client: SignedClient, id: string): Promise<Answer<'removed'>> => {
  const signal = AbortSignal.timeout(30_000)
  const answer = await client.request({ method: 'DELETE', path: `/api/devices/${id}`, signal }, z.unknown())
  const isGone = answer.kind === 'ready' || (answer.kind === 'problem' && answer.code === 'not-found')
  return isGone ? { kind: 'ready', value: 'removed' } : answer
}

const claimProblems: Readonly<Record<string, Claimed>> = {
  'already-claimed': 'already-claimed',
  'claim-invalid': 'claim-invalid',
}

const lastRights = (view: AccountView) => (view.kind === 'ready' ? view.rights : [])

/** A server of an earlier visit may have been claimed or renamed since; nothing waits for that. */
const connectAndRefresh = async ({ client, server, log }: Deps): Promise<void> => {
  const signal = AbortSignal.timeout(30_000)
  const wasKnown = (await server.known(signal).catch(log.failed('the server is not known'))) !== undefined
  await client.connect(signal).catch(log.failed('no session was opened'))
  if (wasKnown) await server.refresh(signal).catch(log.failed('the server was not refreshed'))
}
