import type { EntryId } from '@tonestead/crdt/ids'
import type { DocumentsFault } from '../documents/documents.ts'
import type { PlaylistState } from '../playlists/playlists.ts'
import type { Readable } from '../readable.ts'
import type { Invitation } from './invitation-text.ts'
import type { Membership } from './people-messages.ts'

// The people of shared playlists, as the page uses them. Rules in SPEC.md.

/** Who may be made by a link; an owner makes owners of members. */
export type InvitedRole = 'viewer' | 'editor'
export type Role = InvitedRole | 'owner'

/**
 * Why nothing was changed. `no-relay`: the relay did not answer in time. `no-place`: the account may begin nothing at its relay. `impossible`: the membership does
 * not permit it, or a link lets nobody in (any more).
 */
export type PeopleFailure =
  | { readonly kind: 'no-relay' | 'no-place' | 'impossible' | 'failed' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }

export type PeopleResult = { readonly kind: 'done' } | PeopleFailure

/** A playlist that is shared, or becomes so. `collection`: of the people who share it. */
export type Shared = { readonly kind: 'shared'; readonly collection: string }
export type Invited = { readonly kind: 'invited'; readonly link: string; readonly expiresAt: number }

export type People = {
  /** The shared collection of a playlist of the account; undefined for one that is not shared, or not known (yet). Equal ids give the same readable. */
  readonly collectionOf: (playlist: EntryId) => Readable<string | undefined>
  /** Undefined while it is not known. Equal collections give the same readable. */
  readonly membership: (collection: string) => Readable<Membership | undefined>
  /** [PE2] Makes a playlist of this account a shared one. Asked again, it goes on where it was interrupted. */
  readonly share: (playlist: EntryId) => Promise<Shared | PeopleFailure>
  /** [PE4] Makes a link that lets one person in. It is not kept: it is shown now or never. */
  readonly invite: (
    place: { readonly collection: string; readonly playlist: EntryId },
    terms: { readonly role: InvitedRole; readonly days: number },
  ) => Promise<Invited | PeopleFailure>
  readonly withdraw: (collection: string, invitation: string) => Promise<PeopleResult>
  readonly changeRole: (collection: string, account: string, role: Role) => Promise<PeopleResult>
  readonly remove: (collection: string, account: string) => Promise<PeopleResult>
  /** Leaves the collection, and takes the playlist out of the library. */
  readonly leave: (collection: string, playlist: EntryId) => Promise<PeopleResult>
  /** Reads what an invitation is about, without joining. `done`: it is here (`preview`, `membership`). */
  readonly look: (invitation: Invitation) => Promise<PeopleResult>
  readonly preview: (invitation: Invitation) => Readable<PlaylistState>
  /** Joins, and puts the playlist into the library. */
  readonly join: (invitation: Invitation) => Promise<PeopleResult>
  /** The name of this person; undefined when none was chosen. */
  readonly name: Readable<string | undefined>
  readonly setName: (name: string) => Promise<PeopleResult>
}
