import { parseEntryId, type EntryId } from '@tonestead/crdt/ids'
import { fromBase64Url, isBase64UrlOf, toBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import { isSyncId } from '@tonestead/protocol/sync/sync-ids'

/** What an invitation link holds. `secret`: 32 random bytes; who has them may join. */
export type Invitation = { readonly collection: string; readonly playlist: EntryId; readonly secret: Bytes }

const version = '1'

/** [PE4] The link of an invitation. Everything is in the fragment, which browsers send to no server. `origin`: of the page, such as `https://music.example`. */
export const writeInvitation = (origin: string, { collection, playlist, secret }: Invitation): string =>
  `${origin}/join#${[version, collection, playlist, toBase64Url(secret)].join('.')}`

/** Reads the fragment of an invitation link; undefined for what is none, or was cut. */
export const readInvitation = (fragment: string): Invitation | undefined => {
  const [found, collection, playlist, secret, ...rest] = fragment.replace(/^#/, '').split('.')
  if (found !== version || rest.length > 0 || collection === undefined || !isSyncId(collection)) return undefined
  if (secret === undefined || !isBase64UrlOf(secret, 32) || !/^[a-z2-7]{26}$/.test(playlist ?? '')) return undefined
  return { collection, playlist: parseEntryId(playlist ?? ''), secret: fromBase64Url(secret) }
}
