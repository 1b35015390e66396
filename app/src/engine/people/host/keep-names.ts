import type { AccountId } from '@tonestead/crdt/ids'
import type { SettingsDocument } from '@tonestead/crdt/listening/settings-document'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import { newIntentId } from '../../documents/new-intent-id.ts'
import type { Replica } from '../../replica/replica.ts'
import { nameIn, nameSetting, ownNameSetting } from '../people-names.ts'

export type NamesDeps = {
  readonly replica: Pick<Replica, 'collections' | 'show' | 'edit' | 'isWritable' | 'membership' | 'onChange'>
  readonly personal: CollectionId
  readonly account: AccountId
  readonly random: Random
  readonly log: Log
}

/** [PE3] Writes the name of this person into each shared collection in which he may write, whenever it differs there. */
export const keepNames = (deps: NamesDeps): void => {
  const { replica, personal, log } = deps
  /** The name that was last written, by collection, so that a refusal is not repeated for ever. */
  const written = new Map<CollectionId, string>()
  const look = (): void => {
    const name = nameIn(replica.show(personal, 'settings') as SettingsDocument | undefined, ownNameSetting)
    if (name === undefined) return
    for (const collection of replica.collections()) {
      if (written.get(collection) === name || !isNameMissing(deps, collection, name)) continue
      written.set(collection, name)
      void writeName(deps, collection, name).catch(log.failed('a name was not written into a shared collection'))
    }
  }
  replica.onChange(look)
  look()
}

const isNameMissing = ({ replica, account }: NamesDeps, collection: CollectionId, name: string): boolean => {
  const now = replica.membership(collection)
  if (now?.kind !== 'shared' || !now.members.has(account) || !replica.isWritable(collection, 'settings')) return false
  return nameIn(replica.show(collection, 'settings') as SettingsDocument | undefined, nameSetting(account)) !== name
}

const writeName = async ({ replica, account, random }: NamesDeps, collection: CollectionId, name: string) => {
  const id = newIntentId(random)
  const operation = { kind: 'changeSettings', id, values: { [nameSetting(account)]: name } }
  await replica.edit({ collection, document: 'settings', intent: { id, operation } })
}
