import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Place } from '@tonestead/crdt/slots/place'
import { ReplicaEndedError } from '../../../app/src/engine/replica/replica-turn.ts'
import { entriesOf } from '../checks/shown-state.ts'
import { firstInstant } from '../world/schedule.ts'
import { documentNames, textOf as faultText } from '../world/world.ts'
import type { Edit, SimulatedDevice, World } from '../world/model.ts'

const track = {
  serverId: 'A'.repeat(22),
  trackId: 'a'.repeat(26),
  recordingId: 'b'.repeat(26),
  title: 'Title',
  credits: [],
  release: { title: 'Release' },
  durationMs: 1000,
}

/** What `edit` needs to know of an operation. */
type Wanted = Omit<Edit, 'outcome'> & { readonly operation: object }

const placeAfter = (entry: string | undefined): Place =>
  entry === undefined ? { kind: 'end' } : { kind: 'after', entry }

/** The operation that adds an entry. */
export const entryOperation = (device: SimulatedDevice, id: string, after: string | undefined) => ({
  kind: 'addEntries',
  entries: [{ id, by: device.account, addedAt: firstInstant, track }],
  place: placeAfter(after),
})

const want = (world: World, wanted: Wanted): void => {
  const { operation, ...rest } = wanted
  const { device, collection } = wanted
  const edit: Edit = { ...rest, outcome: 'none' }
  world.edits.push(edit)
  const id = world.choices.id()
  device
    .replica()
    .edit({ collection, document: wanted.document, intent: { id, operation: { id, ...operation } } })
    .then(
      ({ kind }) => {
        edit.outcome = kind
        world.count(`edits ${kind}`)
      },
      (cause: unknown) => {
        edit.outcome = 'failed'
        // A device that crashes never answers.
        if (!(cause instanceof ReplicaEndedError || device.isHostile))
          world.faults.push(`edit of ${device.name}: ${faultText(cause)}`)
      },
    )
}

/** One edit, as a person makes it on what he sees. */
export const editSomething = (world: World, device: SimulatedDevice, collection: CollectionId): void => {
  const { choices } = world
  const document = choices.chance(0.75) ? documentNames[0] : documentNames[1]
  const entries = entriesOf(device.replica(), collection, document)
  const some = (): string | undefined => (entries.length === 0 ? undefined : choices.pick(entries))
  const [entry, roll] = [some(), choices.roll()]
  if (entry === undefined || roll < 0.6) {
    const added = choices.id()
    if (device.isHostile) world.hostileEntries.add(added)
    const operation = entryOperation(device, added, choices.chance(0.6) ? some() : undefined)
    want(world, { device, collection, kind: 'add', document, entry: added, operation })
  } else if (roll < 0.78) {
    const operation = { kind: 'moveEntries', ids: [entry], place: placeAfter(some()) }
    want(world, { device, collection, kind: 'move', document, entry, operation })
  } else if (roll < 0.9) {
    world.removed.add(entry)
    want(world, {
      device,
      collection,
      kind: 'remove',
      document,
      entry,
      operation: { kind: 'removeEntries', ids: [entry] },
    })
  } else {
    const title = `title ${choices.below(1_000_000)}`
    want(world, { device, collection, kind: 'rename', document, entry: title, operation: { kind: 'setTitle', title } })
  }
}
