import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { writeLiveContent } from '@tonestead/protocol/sync/codec/live-content'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { sealEphemeral } from '@tonestead/protocol/sync/keys/ephemeral'
import type { EpochKeys } from '@tonestead/protocol/sync/keys/epoch-keys'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createSeededRandom } from '../../../platform/system/seeded-random.ts'
import { inspect } from '../forge.testkit.ts'
import type { TestDevice } from '../replica-world.testkit.ts'

// Live messages: what devices hear, and messages of devices that do not keep to the rules.

const { subtle } = globalThis.crypto
const random = createSeededRandom(5)

/** The texts that a device hears from now on. */
export const hear = (device: TestDevice): string[] => {
  const heard: string[] = []
  device.replica.onLive(({ message }) => heard.push(new TextDecoder().decode(message)))
  return heard
}

export const say = (device: TestDevice, collection: CollectionId, text: string) =>
  device.replica.sendLive(collection, utf8(text))

/** The keys of the epoch as they are now in the journal of a device. */
export const keysOf = async (device: TestDevice, collection: CollectionId): Promise<EpochKeys> => {
  const state = await inspect(device, collection)
  return state.epochs.get(state.log.now()!.epoch)!.keys
}

type Forged = { readonly text: string; readonly run?: number; readonly number?: number; readonly as?: TestDevice }

/** A message sealed with these keys and signed by `by`; `as`: whose it says that it is. */
export const forgeLive = (
  by: TestDevice,
  keys: EpochKeys,
  { text, run = 100, number = 1, as = by }: Forged,
): Promise<Bytes> => {
  const signer = {
    subtle,
    signingKey: by.identity.signing.privateKey,
    random: (bytes: number) => random.bytes(bytes),
  }
  const plaintext = writeLiveContent({ run, number, message: utf8(text) })
  return sealEphemeral(signer, keys, { account: as.account, device: as.device, plaintext })
}

/** Gives messages to a device as if they came on a direct link from another. Whether the link was closed. */
export const giveLive = async (
  { from, to }: { from: TestDevice; to: TestDevice },
  messages: readonly Bytes[],
): Promise<boolean> => {
  let isClosed = false
  const read = to.replica.openLink({
    kind: 'peer',
    account: from.account,
    device: from.device,
    send: () => undefined,
    close: () => (isClosed = true),
  })
  for (const bytes of messages)
    read.receive(writeRelayFrame({ kind: 'ephemeral', collection: to.personal, from: from.device }, [bytes]))
  await to.replica.idle()
  read.closed()
  return isClosed
}
