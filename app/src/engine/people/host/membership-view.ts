import type { SettingsDocument } from '@tonestead/crdt/listening/settings-document'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Replica, ReplicaDevice } from '../../replica/replica.ts'
import type { Membership } from '../people-messages.ts'
import { nameIn, nameSetting } from '../people-names.ts'

/** [PE1] Who belongs to a collection; undefined while nothing of its log is here. */
export const membershipOf = (
  { replica, account }: { readonly replica: Pick<Replica, 'membership' | 'show'> } & Pick<ReplicaDevice, 'account'>,
  collection: CollectionId,
): Membership | undefined => {
  const now = replica.membership(collection)
  if (now === undefined) return undefined
  const settings = replica.show(collection, 'settings') as SettingsDocument | undefined
  return {
    you: { account, role: now.members.get(account)?.role },
    members: [...now.members.values()].map((member) => ({
      account: member.account,
      role: member.role,
      name: nameIn(settings, nameSetting(member.account)),
    })),
    invitations: [...now.invitations].map(([id, { role, expiresAt }]) => ({ id, role, expiresAt })),
  }
}
