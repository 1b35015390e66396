import { utf8 } from '@tonestead/protocol/bytes'
import { packChanges } from '@tonestead/protocol/sync/codec/changes-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { sealBody } from '@tonestead/protocol/sync/keys/sealed-body'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'

/**
 * [SN4] The envelope with its body, made again from its changes: the key follows from feed and salt and is used for this plaintext alone, so the ciphertext is the
 * same as its author's. Unchanged when it has its body, or when its changes or the key of its epoch are not here.
 */
export const restoreBody = async (
  { subtle }: ReplicaContext,
  state: CollectionState,
  envelope: Envelope,
): Promise<Envelope> => {
  const accepted = state.bodies.get(envelope.id)
  const keys = state.epochs.get(envelope.header.epoch)?.keys
  const name = state.documents.get(envelope.header.document)?.name
  if (envelope.body !== undefined || accepted === undefined || keys === undefined || name === undefined) return envelope
  const plaintext = packChanges([utf8(name), ...accepted.changes])
  const { header, body } = await sealBody({ subtle }, keys, { header: envelope.header, plaintext })
  return header.bodyHash === envelope.header.bodyHash ? { ...envelope, body } : envelope
}
