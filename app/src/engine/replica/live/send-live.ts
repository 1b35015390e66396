import type { Bytes } from '@tonestead/protocol/bytes'
import { writeLiveContent } from '@tonestead/protocol/sync/codec/live-content'
import { sealEphemeral } from '@tonestead/protocol/sync/keys/ephemeral'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { maxLiveMessageBytes } from '@tonestead/protocol/sync/sync-limits'
import type { CollectionState, OpenEpoch } from '../collection/collection-state.ts'
import { isHome, mayRead } from '../links/deliver.ts'
import type { LinkState } from '../links/link-state.ts'
import { sendAsRelay, sendToLink } from '../links/send.ts'
import type { LiveOutcome } from '../replica.ts'
import type { ReplicaContext } from '../replica-context.ts'

type Sending = { readonly collection: CollectionId; readonly message: Bytes }

/** [RP33] Seals a live message with the key of the epoch as it is now, and sends it on every link of the collection. */
export const sendLive = async (
  context: ReplicaContext,
  links: readonly LinkState[],
  { collection, message }: Sending,
): Promise<LiveOutcome> => {
  const state = context.collections.get(collection)
  if (message.length === 0 || message.length > maxLiveMessageBytes) return 'too-large'
  if (state === undefined || findAuthor(state.log.now(), context.device) === undefined) return 'no-right'
  if (state.alarm !== undefined) return 'frozen'
  const epoch = currentEpoch(state)
  if (epoch === undefined) return 'no-key'
  const open = links.filter((link) => link.isOpen && !link.isClosed && (isHome(state, link) || mayRead(state, link)))
  if (open.length === 0) return 'offline'
  if (!context.live.maySend('')) return 'too-often'
  const sealed = await seal(context, epoch, { collection, message })
  for (const link of open) send(context, link, { collection, sealed })
  return 'sent'
}

/** [RP33] The key of the epoch that holds now; undefined while it is stale or not here. */
export const currentEpoch = ({ log, epochs }: CollectionState): OpenEpoch | undefined => {
  const now = log.now()
  return now === undefined || now.isStale ? undefined : epochs.get(now.epoch)
}

const seal = (
  { subtle, random, device, live }: ReplicaContext,
  { keys }: OpenEpoch,
  { collection, message }: Sending,
): Promise<Bytes> => {
  const number = (live.numbers.get(collection) ?? 0) + 1
  live.numbers.set(collection, number)
  const signer = { subtle, signingKey: device.signing.privateKey, random: (bytes: number) => random.bytes(bytes) }
  const plaintext = writeLiveContent({ run: live.run, number, message })
  return sealEphemeral(signer, keys, { account: device.account, device: device.device, plaintext })
}

const send = (
  context: ReplicaContext,
  link: LinkState,
  { collection, sealed }: { readonly collection: CollectionId; readonly sealed: Bytes },
): void => {
  const from = context.device.device
  if (link.link.kind === 'relay') sendToLink(context, link, { kind: 'ephemeral', collection }, [sealed])
  else sendAsRelay(context, link, { kind: 'ephemeral', collection, from }, [sealed])
}
