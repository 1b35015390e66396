import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { RulesOf } from '../../../app/src/engine/replica/documents/document-rules.ts'
import type { Goal, Replica, ReplicaDependencies, ReplicaDevice } from '../../../app/src/engine/replica/replica.ts'
import type { MemoryJournal } from '../../../app/src/platform/browser-storage/memory-journal.ts'
import type { Log } from '../../../app/src/ports/log.ts'
import type { Network, Wire } from './channel.ts'
import type { SeededChoices } from './seeded-choices.ts'
import type { RelayHost } from './relay-host.ts'
import type { Schedule } from './schedule.ts'

// What the simulation consists of: devices, relays, collections, and what is noted about them.

export type SimulatedDevice = {
  readonly name: string
  readonly accountName: string
  readonly account: AccountId
  readonly device: DeviceId
  readonly identity: ReplicaDevice
  readonly rootKey: CryptoKey
  /** Of the first device of an account. */
  readonly deviceLogEntry: string
  readonly isHostile: boolean
  readonly journal: MemoryJournal
  readonly dependencies: (journal: MemoryJournal) => ReplicaDependencies
  readonly replica: () => Replica
  readonly isOnline: () => boolean
  readonly goOnline: () => void
  readonly goOffline: () => void
  /** Another process of the relay from now on. */
  readonly changeProcess: () => void
  /** Ends the process: of the transactions since the last strict one only the first remain, by chance. */
  readonly crash: () => Promise<void>
  /** Everything is read again from the relays, with an empty journal. */
  readonly startAnew: () => Promise<void>
  /** Sends a frame of our own making to the relays. */
  readonly sendToRelays: (frame: Bytes) => void
  readonly links: Set<PeerLink>
  readonly pursue: (goal: Goal) => void
  readonly outcomes: Map<Goal, string>
  /** Secrets of invitations that the device has. */
  readonly secrets: Bytes[]
  /** Relays that the device knows to connect to. */
  readonly hosts: Set<RelayHost>
  /** Frames of a relay that it never gets: a lie. */
  isWithheld: (frame: Bytes) => boolean
  /** Of two histories of the relay, the one that is shown. */
  shownHost: (host: RelayHost) => RelayHost
}

export type PeerLink = { readonly a: SimulatedDevice; readonly b: SimulatedDevice; readonly close: () => void }

/** An edit that a person made, and what became of it at once. */
export type Edit = {
  readonly kind: 'add' | 'move' | 'remove' | 'rename'
  readonly device: SimulatedDevice
  readonly collection: CollectionId
  readonly document: string
  readonly entry: string
  outcome: string
}

export type Collection = { readonly id: CollectionId; readonly name: string }

export type World = {
  readonly seed: number
  readonly subtle: SubtleCrypto
  readonly schedule: Schedule
  readonly choices: SeededChoices
  readonly network: Network
  readonly rulesOf: RulesOf
  readonly devices: Map<string, SimulatedDevice>
  /** The relay that all collections begin at, and those that came later. */
  readonly hosts: RelayHost[]
  readonly wires: Set<{ readonly host: RelayHost; readonly wire: Wire }>
  readonly peerWires: WeakMap<PeerLink, { readonly toA: (frame: Bytes) => void; readonly toB: (frame: Bytes) => void }>
  readonly collections: Collection[]
  readonly counts: Map<string, number>
  readonly count: (what: string, by?: number) => void
  readonly edits: Edit[]
  /** Entries that somebody wanted to remove. */
  readonly removed: Set<string>
  /** Entries that dishonest devices made. */
  readonly hostileEntries: Set<string>
  readonly logOf: (device: string) => Log
  /** What threw where nothing may throw. */
  readonly faults: string[]
  /** Collections about which the relay lied, and that were moved to another relay. */
  readonly lies: Map<CollectionId, string>
  readonly rehomed: Set<CollectionId>
  /** Relays with the key of the first one and another history. */
  readonly liars: RelayHost[]
  /** Every place for which a relay has given a receipt, and its chain hash; in `contradictions` those with two. */
  readonly receipts: Map<string, { readonly collection: CollectionId; readonly seq: number; readonly chain: string }>
  readonly contradictions: string[]
  readonly noteReceipt: (frame: Bytes) => void
  /** Entries that must never be shown. */
  readonly forbidden: Map<string, string>
  /** Snapshots that were forged: the log shows that they may not be there, or only who opens them sees that they are false. */
  readonly snapshots: Map<string, 'forbidden' | 'false'>
  /** Lengths of the logs when the simulation proper began. */
  readonly setUpLengths: Map<CollectionId, number>
}
