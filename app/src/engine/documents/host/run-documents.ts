import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Clock } from '../../../ports/clock.ts'
import type { DeviceIdentity } from '../../../ports/device-store.ts'
import type { PassAnswer, ToDocumentsWorker } from '../../../ports/documents/documents-worker.ts'
import type { OpenRelaySocket } from '../../../ports/documents/relay-socket.ts'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import type { Replica } from '../../replica/replica.ts'
import { beginPersonal } from './begin-personal.ts'
import type { DocumentHost } from './create-document-host.ts'
import { keepRelayConnection, type RelayConnection } from './relay-connection.ts'

type OpenedDocuments = {
  readonly replica: Replica
  readonly identity: DeviceIdentity
  readonly personal: CollectionId
}

/** What the leading worker runs with. `address`: of the relay at this origin (ws: or wss:). */
export type RunDependencies = {
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly host: DocumentHost
  readonly openSocket: OpenRelaySocket
  readonly address: string
  /** The collection of the account is open: parts of the leader can be served from now on (`DocumentHost.serve`). Called once. */
  readonly onOpen: (opened: OpenedDocuments) => void
  /** Asks the leading tab, which holds the session. */
  readonly askForPass: (id: number, relay: SigningJwk) => void
}

export type RunningDocuments = {
  readonly receive: (message: Exclude<ToDocumentsWorker, { readonly kind: 'ping' }>) => void
  /** Everything is loaded. */
  readonly start: (opened: { readonly replica: Replica; readonly identity: DeviceIdentity }) => void
  readonly stop: () => void
}

type Home = { readonly relay: SigningJwk | undefined }

/** Begins the collection of the account as soon as its relay is known, and keeps the connection to the relay. */
export const runDocuments = (deps: RunDependencies): RunningDocuments => {
  const { host, log } = deps
  const passes = createPasses(deps.askForPass)
  let opened: Parameters<RunningDocuments['start']>[0] | undefined
  let home: Home | undefined
  let personal: CollectionId | undefined
  let connection: (RelayConnection & { readonly relay: SigningJwk }) | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const connect = (replica: Replica, { deviceLog }: DeviceIdentity, relay: SigningJwk): void => {
    if (connection?.relay.x === relay.x) return
    connection?.stop()
    const requestPass = (): Promise<PassAnswer> => passes.request(relay)
    const onChange = (): void => host.setConnected(connection?.isOpen() === true)
    const isGuestWanted = (): boolean => replica.collections().some((id) => id !== personal)
    const options = { ...deps, replica, relay, deviceLog, requestPass, isGuestWanted, onChange }
    connection = { ...keepRelayConnection(options), relay }
  }
  const advance = async (): Promise<void> => {
    if (opened === undefined) return
    const { replica, identity } = opened
    // As of now: what comes while this waits has a turn of its own.
    const known = home
    const relay = known?.relay
    const begun = personal ?? (await beginPersonal({ ...deps, replica, identity, relay }))
    if (begun !== undefined && personal === undefined) {
      host.open(replica, begun)
      connectForShared(replica, () => connection)
      deps.onOpen({ replica, identity, personal: begun })
    }
    personal = begun
    if (begun !== undefined && relay !== undefined) connect(replica, identity, relay)
    if (begun === undefined && known !== undefined) host.fail('not-begun')
  }
  const soon = (): void => {
    turn = turn.then(advance).catch((cause: unknown) => {
      log.failed('the collection of the account was not begun')(cause)
      host.fail('storage-failed')
    })
  }
  return {
    receive: (message) => {
      if (message.kind === 'pass') return void passes.answer(message.id, message.answer)
      if (message.kind === 'connect') return connection?.connectNow()
      home = message
      soon()
    },
    start: (next) => {
      opened = next
      soon()
    },
    stop: () => connection?.stop(),
  }
}

/** [DO17] The first collection of others that is followed needs a connection, with or without a pass. */
const connectForShared = (replica: Replica, connection: () => RelayConnection | undefined): void => {
  let count = replica.collections().length
  replica.onChange(() => {
    const now = replica.collections().length
    if (now > count && connection()?.isOpen() === false) connection()?.connectNow()
    count = now
  })
}

/** Questions to the leading tab, by number. */
const createPasses = (ask: RunDependencies['askForPass']) => {
  const waiting = new Map<number, (answer: PassAnswer) => void>()
  let asked = 0
  return {
    request: (relay: SigningJwk): Promise<PassAnswer> =>
      new Promise((resolve) => {
        asked += 1
        waiting.set(asked, resolve)
        ask(asked, relay)
      }),
    answer: (id: number, answer: PassAnswer): void => {
      waiting.get(id)?.(answer)
      waiting.delete(id)
    },
  }
}
