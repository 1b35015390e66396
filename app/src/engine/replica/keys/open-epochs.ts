import { fromBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import type { AgreementJwk } from '@tonestead/protocol/device-log'
import { importAgreementKey, keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { epochKeys, keyHashOf, openSecret } from '@tonestead/protocol/sync/keys/epoch-keys'
import { epochBoxInfo, openBox } from '@tonestead/protocol/sync/keys/hpke-box'
import type { EpochStart, MembershipItem, SealedBox } from '@tonestead/protocol/sync/membership'
import { parseEpochId, type EpochId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'

// [RP18] Which epochs can be opened: by a box for a key of ours, or by the next epoch, which carries the key of the one before.

/** An epoch, its beginning, and the epoch before it. */
type Begun = { readonly epoch: EpochId; readonly start: EpochStart; readonly previous: EpochId | undefined }

/**
 * Opens every epoch of every collection that can be opened with the keys that are here. A personal collection can give new keys of the account, so it goes
 * round until nothing new was found. Gives true when something was opened.
 */
export const openEpochs = async (context: ReplicaContext): Promise<boolean> => {
  let hasFound = false
  for (let isNew = true; isNew;) {
    isNew = false
    for (const state of context.collections.values()) if (await openCollection(context, state)) isNew = true
    hasFound ||= isNew
  }
  return hasFound
}

const openCollection = async (context: ReplicaContext, state: CollectionState): Promise<boolean> => {
  let isNew = await openFirstItem(context, state)
  for (const seq of [...state.log.membershipPlaces()].reverse()) {
    const item = state.log.at(seq)?.item
    if (item?.kind !== 'membership') continue
    const before = state.log.stateAt(seq - 1)?.epoch
    if (await openItem(context, state, { item, before })) isNew = true
  }
  return isNew
}

/** [RP29] The key of the account comes with the first item, also where no relay has given it a place: whoever is invited needs it. */
const openFirstItem = async (context: ReplicaContext, state: CollectionState): Promise<boolean> =>
  state.log.length() === 0 && state.firstItem !== undefined
    ? openItem(context, state, { item: state.firstItem, before: undefined })
    : false

const openItem = async (
  context: ReplicaContext,
  state: CollectionState,
  { item, before }: { item: MembershipItem; before: EpochId | undefined },
): Promise<boolean> => {
  const { operation } = item.header
  const begun =
    'epoch' in operation ? { epoch: parseEpochId(item.id), start: operation.epoch, previous: before } : undefined
  const boxed = begun?.epoch ?? before
  let isNew = false
  if (boxed !== undefined && !state.epochs.has(boxed)) {
    const key = await openBoxes(context, state, item.boxes)
    if (key !== undefined && isKeyOf(state, boxed, key)) isNew = await addEpoch(context, state, { epoch: boxed, key })
  }
  if (begun === undefined) return isNew
  if (await openPrevious(context, state, begun)) isNew = true
  if (
    'agreementKey' in operation &&
    (await openAgreementKey(context, state, { ...operation, item, epoch: begun.epoch }))
  )
    isNew = true
  return isNew
}

/** [RP19] The hash of the key is in the item that began the epoch: a key that does not match is not used. */
const isKeyOf = (state: CollectionState, epoch: EpochId, key: Bytes): boolean => {
  const start = epochStartOf(state, epoch)
  return start !== undefined && keyHashOf(key) === start.keyHash
}

/** How the epoch began. */
const epochStartOf = (state: CollectionState, epoch: EpochId): EpochStart | undefined => {
  const seq = state.log.seqOf(epoch as string as Parameters<typeof state.log.seqOf>[0])
  const item = seq === undefined ? firstItemOf(state, epoch) : state.log.at(seq)?.item
  if (item?.kind !== 'membership' || !('epoch' in item.header.operation)) return undefined
  return item.header.operation.epoch
}

const firstItemOf = ({ firstItem }: CollectionState, epoch: EpochId): MembershipItem | undefined =>
  firstItem !== undefined && parseEpochId(firstItem.id) === epoch ? firstItem : undefined

const openBoxes = async (
  { subtle, secrets }: ReplicaContext,
  { id }: CollectionState,
  boxes: readonly SealedBox[],
): Promise<Bytes | undefined> => {
  for (const { recipient, sealed } of boxes) {
    const pair = secrets.get(recipient)
    const key = pair === undefined ? undefined : await openBox({ subtle }, pair, { info: epochBoxInfo(id), sealed })
    if (key?.length === 32) return key
  }
  return undefined
}

const addEpoch = async (
  { subtle, turn }: ReplicaContext,
  state: CollectionState,
  { epoch, key }: { epoch: EpochId; key: Bytes },
): Promise<boolean> => {
  const keys = await epochKeys({ subtle }, key, { collection: state.id, epoch })
  state.epochs.set(epoch, { bytes: key, keys })
  turn.changed.add(state.id)
  return true
}

const openPrevious = async (context: ReplicaContext, state: CollectionState, begun: Begun): Promise<boolean> => {
  const { start, previous, epoch } = begun
  const opened = state.epochs.get(epoch)
  if (opened === undefined || previous === undefined || state.epochs.has(previous)) return false
  if (start.previousKey === undefined) return false
  const terms = { epochKey: opened.bytes, collection: state.id, purpose: 'previous-key' } as const
  const key = await openSecret({ subtle: context.subtle }, terms, fromBase64Url(start.previousKey))
  if (key === undefined || !isKeyOf(state, previous, key)) return false
  return addEpoch(context, state, { epoch: previous, key })
}

/** [RP20] The account's private agreement key, which shared collections seal to, comes in a box under the epoch of the personal collection. */
const openAgreementKey = async (
  { subtle, secrets }: ReplicaContext,
  state: CollectionState,
  { agreementKey, item, epoch }: { agreementKey: AgreementJwk; item: MembershipItem; epoch: EpochId },
): Promise<boolean> => {
  const id = keyIdOf(agreementKey)
  const opened = state.epochs.get(epoch)
  const box = item.boxes.findLast(({ recipient }) => recipient === id)
  if (opened === undefined || box === undefined || secrets.has(id)) return false
  const terms = { epochKey: opened.bytes, collection: state.id, purpose: 'agreement-key' } as const
  const scalar = await openSecret({ subtle }, terms, box.sealed)
  if (scalar === undefined) return false
  const privateKey = await importAgreementKey({ subtle }, { publicKey: agreementKey, scalar }).catch(() => undefined)
  if (privateKey === undefined) return false
  secrets.set(id, { publicKey: agreementKey, privateKey })
  return true
}
