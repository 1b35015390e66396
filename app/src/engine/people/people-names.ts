import { maxSettingUnits } from '@tonestead/crdt/documents/document-limits'
import { settingsIn, type SettingsDocument } from '@tonestead/crdt/listening/settings-document'
import { fitText } from '@tonestead/crdt/tracks/track-reference'

// [PE3] Names of people are settings: the own one in the own collection, and those of its editors and owners in each shared one, sealed like everything in it.

/** The name of a person in the settings of the own collection. */
export const ownNameSetting = 'displayName'
/** The setting of a shared collection that holds the name of an account. */
export const nameSetting = (account: string): string => `name.${account}`

const maxNameUnits = 60

/** A name as it is kept; empty for none. */
export const fitName = (name: string): string => fitText(name.trim(), Math.min(maxNameUnits, maxSettingUnits))

/** A name in the settings; undefined when there is none. It may come from another program: one that is too long is cut. */
export const nameIn = (settings: SettingsDocument | undefined, setting: string): string | undefined => {
  const value = settings === undefined ? undefined : settingsIn(settings).get(setting)
  return typeof value === 'string' && fitName(value) !== '' ? fitName(value) : undefined
}
