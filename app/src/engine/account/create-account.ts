import { z } from 'zod'
import { createCell } from '../cell.ts'
import type { DeviceIdentity } from '../../ports/device-store.ts'
import type { Log } from '../../ports/log.ts'
import type { AccountService, AccountView } from './account.ts'
import { isUnanswered } from '../server/answer.ts'
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
    start: () => {
      server.server.subscribe(update)
      server.isOnline.subscribe(update)
      client.session.subscribe(update)
      update()
      void connectAndRefresh(deps)
      server.isOnline.subscribe(() => {
        if (server.isOnline.get() && client.session.get() === undefined) void connectAndRefresh(deps)
      })
    },
  }
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
