import { sealSnapshot } from '@tonestead/protocol/sync/keys/sealed-body'
import { signSnapshot } from '@tonestead/protocol/sync/keys/sign-item'
import type { DocumentId } from '@tonestead/protocol/sync/sync-ids'
import { maxBodyBytes, maxSnapshotParts, maxVoids } from '@tonestead/protocol/sync/sync-limits'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { canSeal } from '../writing/can-seal.ts'
import { contentUpTo, envelopesUpTo } from './document-content.ts'
import { snapshotsOf } from './find-snapshots.ts'
import { keepSnapshot } from './kept-snapshots.ts'
import { endPlan, isTimeFor } from './plan.ts'

/**
 * [SN6] Makes snapshots of documents for which one pays: by the rules, on a log that is read to its end, with nothing pending or waiting, under an epoch that is
 * not stale. The device that wrote last does it after a short delay, the others only when it has not.
 */
export const makeSnapshots = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  if (!isCalm(context, state)) return
  for (const document of state.log.documents()) {
    const since = snapshotsOf(state, document)[0]?.header.place.seq ?? 0
    if (!pays(context, state, { document, since }) || isOnItsWay(context, state, document)) continue
    const what = `make/${document}/${since}`
    if (!isTimeFor(context, state, { what, delayMs: () => delayOf(context, state, document) })) continue
    // The relay may refuse it: then the next one has a delay of its own.
    endPlan(context, state, what)
    await make(context, state, document)
  }
}

const isCalm = ({ device }: ReplicaContext, state: CollectionState): boolean =>
  canSeal(state, device) && state.todo.length + state.pending.size + state.waiting.size + state.aside.size === 0

type Since = { readonly document: DocumentId; readonly since: number }

const pays = ({ snapshotRules }: ReplicaContext, state: CollectionState, { document, since }: Since): boolean => {
  const places = state.log.placesOf(document)
  let [envelopes, bytes] = [0, 0]
  for (let index = places.length - 1; (places[index] ?? 0) > since; index -= 1) {
    const item = state.log.at(places[index] ?? 0)?.item
    envelopes += 1
    bytes += item?.kind === 'envelope' ? item.header.bodyBytes : 0
  }
  const last = snapshotsOf(state, document)[0]?.header.parts.reduce((sum, part) => sum + part.bytes, 0) ?? 0
  return (envelopes >= snapshotRules.envelopes || bytes >= snapshotRules.bytes) && bytes * 4 >= last
}

/** An own snapshot that the relay has not placed yet. */
const isOnItsWay = ({ device }: ReplicaContext, { snapshots, log }: CollectionState, document: DocumentId): boolean => {
  const kept = snapshots.kept.get(document)
  const isOwn = kept !== undefined && kept.header.device === device.device
  return isOwn && log.seqOf(kept.id) === undefined && !snapshots.refused.has(kept.id)
}

const delayOf = (
  { device, random, snapshotRules }: ReplicaContext,
  state: CollectionState,
  document: DocumentId,
): number => {
  const chance = random.below(snapshotRules.delayMs + 1)
  const newest = envelopesUpTo(state, document, state.log.length()).at(-1)
  return newest?.header.device === device.device ? chance : 2 * snapshotRules.delayMs + 4 * chance
}

/** Compressed bytes that fit into a snapshot. */
const mostBytes = maxSnapshotParts * (maxBodyBytes - 16)

const make = async (context: ReplicaContext, state: CollectionState, document: DocumentId): Promise<void> => {
  const { subtle, device, compression, random, turn } = context
  const upTo = state.log.length()
  const content = contentUpTo(state, { document, upTo })
  const now = state.log.now()
  const keys = now === undefined ? undefined : state.epochs.get(now.epoch)?.keys
  const rules = state.documents.get(document)?.rules
  if (content === undefined || now === undefined || keys === undefined || rules === undefined) return
  const plaintext = await compression.deflate(content.bytes)
  if (plaintext.length > mostBytes || content.voids.length > maxVoids) return
  const unsealed = {
    version: 1,
    schemaVersion: rules.schemaVersion,
    collection: state.id,
    document,
    account: device.account,
    device: device.device,
    place: { seq: upTo, chain: state.log.chainAt(upTo) },
    voids: content.voids,
    epoch: now.epoch,
    salt: random.bytes(16),
  } as const
  const { header, parts } = await sealSnapshot({ subtle }, keys, { header: unsealed, plaintext })
  const item = await signSnapshot({ subtle, signingKey: device.signing.privateKey }, header)
  keepSnapshot(context, state, { item, parts })
  // It is sent, so after a crash it must be here: nobody else has its parts.
  turn.isStrict = true
  context.log.info('a snapshot is made')
}
