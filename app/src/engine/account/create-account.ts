import { z } from 'zod'
import { createCell } from '../cell.ts'
import type { DeviceIdentity } from '../../ports/device-store.ts'
import type { AccountService, AccountView } from './account.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import type { SignedClient } from '../server/signed-client.ts'

type Claimed = Awaited<ReturnType<AccountService['claim']>>

/** The account as the UI sees it: the identity of this device, and what the server says of it. */
export const createAccount = (deps: {
  identity: DeviceIdentity
  client: SignedClient
  server: ServerConnection
}): AccountService & { start(): void } => {
  const { identity, client, server } = deps
  const view = createCell<AccountView>({ kind: 'starting' })

  const update = (): void => {
    const known = server.server.get()
    view.set({
      kind: 'ready',
      accountId: identity.accountId,
      deviceId: identity.deviceId,
      rights: client.session.get()?.rights ?? rightsSeen(view.get()),
      serverName: known?.name ?? '',
      isClaimed: known?.isClaimed ?? true,
      isOnline: server.isOnline.get(),
    })
  }

  return {
    view,
    claim: async (code) => {
      const signal = AbortSignal.timeout(30_000)
      const answer = await client.request({ method: 'POST', path: '/api/claims', body: { code }, signal }, z.unknown())
      if (answer.kind === 'offline') return 'offline'
      if (answer.kind === 'problem') return claimProblems[answer.code] ?? 'claim-invalid'
      // The session says which rights the account has now.
      await Promise.all([client.connect(signal), server.refresh(signal)])
      return 'claimed'
    },
    start: () => {
      server.server.subscribe(update)
      server.isOnline.subscribe(update)
      client.session.subscribe(update)
      update()
      void connectAndRefresh(client, server)
      server.isOnline.subscribe(() => {
        if (server.isOnline.get() && client.session.get() === undefined) void connectAndRefresh(client, server)
      })
    },
  }
}

const claimProblems: Readonly<Record<string, Claimed>> = {
  'already-claimed': 'already-claimed',
  'claim-invalid': 'claim-invalid',
}

const rightsSeen = (view: AccountView) => (view.kind === 'ready' ? view.rights : [])

/** A server known from before may have been claimed or renamed meanwhile; nothing waits for that. */
const connectAndRefresh = async (client: SignedClient, server: ServerConnection): Promise<void> => {
  const signal = AbortSignal.timeout(30_000)
  const wasKnown = (await server.known(signal).catch(() => undefined)) !== undefined
  await client.connect(signal).catch(() => undefined)
  if (wasKnown) await server.refresh(signal).catch(() => undefined)
}
