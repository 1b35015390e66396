import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { invitationKeys } from '@tonestead/protocol/sync/keys/invitation-link'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createContext } from '../../../app/src/engine/replica/create-context.ts'
import { placeKey } from '../../../app/src/engine/replica/journal-keys.ts'
import { openEpochs } from '../../../app/src/engine/replica/keys/open-epochs.ts'
import { loadReplica } from '../../../app/src/engine/replica/loading/load-replica.ts'
import { createMemoryJournal } from '../../../app/src/platform/browser-storage/memory-journal.ts'
import type { SimulatedDevice } from '../world/model.ts'

/** The epochs that a device could open if somebody gave it every item of every log: ids, by collection. */
export const epochsHeldBy = async (
  device: SimulatedDevice,
  logs: ReadonlyMap<CollectionId, readonly Bytes[]>,
): Promise<ReadonlyMap<CollectionId, ReadonlySet<string>>> => {
  const journal = createMemoryJournal()
  const fence = await journal.takeOver()
  const writes = [...logs].flatMap(([scope, items]) =>
    items.map((value, index) => ({ kind: 'put', table: 'items', scope, key: placeKey(index + 1), value }) as const),
  )
  await journal.commit({ fence, writes, isStrict: true })
  const dependencies = device.dependencies(journal)
  const context = createContext(dependencies, () => undefined)
  for (const secret of device.secrets) {
    const { sealing } = await invitationKeys(dependencies, secret)
    context.secrets.set(keyIdOf(sealing.publicKey), sealing)
  }
  await loadReplica(context)
  await openEpochs(context)
  return new Map([...context.collections].map(([id, { epochs }]) => [id, new Set<string>(epochs.keys())]))
}
