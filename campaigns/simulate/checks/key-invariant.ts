import type { Bytes } from '@tonestead/protocol/bytes'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { invitationKeys } from '@tonestead/protocol/sync/keys/invitation-link'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { epochsHeldBy } from './keys-held.ts'
import { requireThat } from './violation.ts'
import type { Judged } from './judged.ts'
import type { SimulatedDevice, World } from '../world/model.ts'

type Logs = ReadonlyMap<CollectionId, readonly Bytes[]>

/**
 * I6: who was taken away never gets a key of an epoch that began after that; not even with every item of every log. Left out: who comes back, to the
 * collection or to the account, and who has the link of an invitation that is open then or later.
 */
export const checkKeys = async (
  world: World,
  { logs, judged }: { logs: Logs; judged: readonly Judged[] },
): Promise<void> => {
  for (const device of world.devices.values()) {
    const excluded = await Promise.all(
      judged.map((each) => excludedEpochs(world, { device, given: keysGiven(device, judged) }, each)),
    )
    if (excluded.every((epochs) => epochs.length === 0)) continue
    const held = await epochsHeldBy(device, logs)
    for (const [index, { collection }] of judged.entries())
      for (const { epoch, seq } of excluded[index] ?? [])
        requireThat(
          held.get(collection.id)?.has(epoch) !== true,
          'I6',
          `${device.name} holds the key of the epoch that began at ${seq} of ${collection.name} after it was taken away`,
        )
    world.count('devices without later keys')
  }
}

/** The agreement keys of its account that a device was given: a device that comes back gets the former ones too, as [RP20] says. */
const keysGiven = ({ account, device }: SimulatedDevice, judged: readonly Judged[]): ReadonlySet<string> => {
  const log = judged.find(({ collection }) => collection.id === personalCollectionId(account))?.audit.log
  const members = Array.from({ length: log?.length() ?? 0 }, (_, index) =>
    log?.stateAt(index + 1)?.members.get(account),
  )
  const last = members.findLastIndex((member) => member?.devices.has(device))
  return new Set(members.slice(0, last + 1).flatMap((member) => (member ? [keyIdOf(member.agreementKey)] : [])))
}

type Given = { readonly device: SimulatedDevice; readonly given: ReadonlySet<string> }

/** Epochs whose keys the device must not have. */
const excludedEpochs = async (
  world: World,
  { device, given }: Given,
  { audit: { log, items } }: Judged,
): Promise<readonly { epoch: string; seq: number }[]> => {
  const links = new Set<string>()
  for (const secret of device.secrets) links.add(keyIdOf((await invitationKeys(world, secret)).sealing.publicKey))
  const isInside = (seq: number): boolean => {
    const state = log.stateAt(seq)
    const member = state?.members.get(device.account)
    const opens = member !== undefined && given.has(keyIdOf(member.agreementKey))
    return (
      opens || member?.devices.has(device.device) || [...(state?.invitations.keys() ?? [])].some((id) => links.has(id))
    )
  }
  const last = items.findLastIndex((_, index) => isInside(index + 1)) + 1
  const wasMember = items.some((_, index) => findAuthor(log.stateAt(index + 1), device) !== undefined)
  if (!wasMember) return []
  return items.flatMap((item, index) =>
    item.kind === 'membership' && 'epoch' in item.header.operation && index + 1 > last
      ? [{ epoch: item.id as string, seq: index + 1 }]
      : [],
  )
}
