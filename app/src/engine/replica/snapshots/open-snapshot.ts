import { concat, type Bytes } from '@tonestead/protocol/bytes'
import { readSnapshotContent } from '@tonestead/protocol/sync/codec/snapshot-content'
import { openSnapshotPart } from '@tonestead/protocol/sync/keys/sealed-body'
import type { EpochKeys } from '@tonestead/protocol/sync/keys/epoch-keys'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import { maxSnapshotContentBytes } from '@tonestead/protocol/sync/sync-limits'
import { documentIdOf } from '../documents/document-id.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { OpenedSnapshot } from './snapshot-state.ts'

type Sealed = {
  readonly item: Snapshot
  /** All parts, whose hashes are those in the header. */
  readonly parts: readonly Bytes[]
  readonly isChecked: boolean
}

/** Opens a snapshot. Undefined when its author has not sealed what the format wants: then it is false. */
export const openSnapshot = async (
  { subtle, compression }: ReplicaContext,
  keys: EpochKeys,
  { item, parts, isChecked }: Sealed,
): Promise<OpenedSnapshot | undefined> => {
  const { header } = item
  const opened = await Promise.all(
    parts.map((bytes, part) => openSnapshotPart({ subtle }, keys, { header, part, bytes })),
  )
  const whole = opened.filter((part) => part !== undefined)
  if (whole.length < header.parts.length) return undefined
  const bytes = await compression.inflate(concat(...whole), maxSnapshotContentBytes)
  const content = bytes === undefined ? undefined : readSnapshotContent(bytes)
  if (bytes === undefined || content === undefined) return undefined
  if (documentIdOf(header.collection, content.name) !== header.document) return undefined
  return { item, ...content, bytes, isChecked, mappedLength: -1 }
}
