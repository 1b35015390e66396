import { openManifestHead, type ManifestHead } from '@tonestead/protocol/manifest'
import { importServerKey } from '@tonestead/protocol/server-key'
import type { PlayRecord, PlayStore } from '../../ports/play-store.ts'
import { StreamFailure } from './stream-failure.ts'

type Opened = { readonly record: PlayRecord; readonly pins: Uint8Array | undefined; readonly head: ManifestHead }

/** The record of a play, its pins and its verified head. Rejects with a StreamFailure. */
export const openPlayHead = async (
  { plays, subtle }: { plays: PlayStore; subtle: SubtleCrypto },
  playId: string,
): Promise<Opened> => {
  const found = await plays.get(playId)
  if (found === undefined) throw new StreamFailure('play-unknown', 'no such play')
  const { record, pins } = found
  const head = await openManifestHead(subtle, await importServerKey(subtle, record.serverKey), record.signedHead)
  if (head === undefined) throw new StreamFailure('head-invalid', 'the manifest head is not signed by the server')
  return { record, pins, head }
}
