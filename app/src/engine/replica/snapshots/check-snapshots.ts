import { signConfirmation } from '@tonestead/protocol/sync/keys/sign-item'
import { isSame } from '@tonestead/protocol/sync/codec/canonical-json'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { contentUpTo } from './document-content.ts'
import { wantsConfirmation } from './find-snapshots.ts'
import { keepSnapshot, openKeptSnapshots } from './kept-snapshots.ts'
import { openSnapshot } from './open-snapshot.ts'
import type { Download, OpenedSnapshot } from './snapshot-state.ts'
import { mapOpenedSnapshots, refuteSnapshot } from './use-snapshot.ts'

/** Before the log is judged: opens what has come, and gives its bodies to the envelopes that miss theirs. */
export const openSnapshots = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  await openKeptSnapshots(context, state)
  for (const download of [...state.snapshots.downloads.values()]) await openDownload(context, state, download)
  mapOpenedSnapshots(context, state)
}

const wholeParts = ({ parts }: Download): readonly Bytes[] | undefined => {
  const whole = parts.filter((part) => part !== undefined)
  return whole.length === parts.length ? whole : undefined
}

const openDownload = async (context: ReplicaContext, state: CollectionState, download: Download): Promise<void> => {
  const { item } = download
  const [parts, keys] = [wholeParts(download), state.epochs.get(item.header.epoch)?.keys]
  if (parts === undefined || keys === undefined || state.snapshots.opened.has(item.id)) return
  const opened = await openSnapshot(context, keys, { item, parts, isChecked: false })
  if (opened === undefined) refuteSnapshot(context, state, { id: item.id, reason: 'sealed-wrong' })
  else state.snapshots.opened.set(item.id, opened)
}

/** [SN7] After the log was judged: compares each snapshot with the document as of its place. A true one is kept and confirmed, a false one is refuted. */
export const checkSnapshots = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  for (const opened of [...state.snapshots.opened.values()]) checkOpened(context, state, opened)
  // Also one that was checked before a restart, or before this device had the right to write.
  for (const item of state.log.snapshots())
    if (state.snapshots.checked.has(item.id)) await confirm(context, state, item)
}

const checkOpened = (context: ReplicaContext, state: CollectionState, opened: OpenedSnapshot): void => {
  const { item } = opened
  const { document, place } = item.header
  const own = contentUpTo(state, { document, upTo: place.seq })
  if (own === undefined) return
  const download = state.snapshots.downloads.get(item.id)
  state.snapshots.opened.delete(item.id)
  state.snapshots.downloads.delete(item.id)
  if (download === undefined) return
  const parts = wholeParts(download)
  const isTrue = isSame(opened.bytes, own.bytes) && own.voids.join() === item.header.voids.join()
  if (!isTrue || parts === undefined) {
    refuteSnapshot(context, state, { id: item.id, reason: 'content-wrong' })
    return
  }
  state.snapshots.checked.add(item.id)
  const kept = state.snapshots.kept.get(document)
  if (place.seq >= (kept?.header.place.seq ?? 0)) keepSnapshot(context, state, { item, parts })
}

const confirm = async (context: ReplicaContext, state: CollectionState, item: Snapshot): Promise<void> => {
  if (state.snapshots.confirmations.has(item.id) || !wantsConfirmation(context, state, item)) return
  const { subtle, device } = context
  const header = {
    version: 1,
    collection: state.id,
    account: device.account,
    device: device.device,
    snapshot: item.id,
  } as const
  const confirmation = await signConfirmation({ subtle, signingKey: device.signing.privateKey }, header)
  state.snapshots.confirmations.set(item.id, confirmation)
  context.log.info('a snapshot is confirmed')
}
