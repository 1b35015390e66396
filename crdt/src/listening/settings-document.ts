import { maxSettings } from '../documents/document-limits.ts'
import type { DraftTools } from '../documents/document-text.ts'
import type { Outcome } from '../documents/intent-outcome.ts'
import { deleteKeys, putTexts, readMap, type TextMap } from '../documents/map-changes.ts'
import type { IntentId } from '../ids.ts'

/** The value of a setting. */
export type SettingValue = string | number | boolean
/** Settings of an account: a map from names to values as JSON. A program keeps the names that it does not know. */
export type SettingsDocument = { v: number; values: TextMap }

/** A change of the settings, as plain data. */
export type SettingsIntent =
  | { readonly kind: 'changeSettings'; readonly id: IntentId; readonly values: Readonly<Record<string, SettingValue>> }
  | { readonly kind: 'resetSettings'; readonly id: IntentId; readonly names: readonly string[] }

/** [SE1] Applies an intent to the draft of the settings. */
export const applySettingsIntent = (
  draft: SettingsDocument,
  intent: SettingsIntent,
  tools: DraftTools<SettingsDocument>,
): Outcome =>
  intent.kind === 'resetSettings'
    ? deleteKeys(draft.values, intent.names)
    : putTexts(
        { map: draft.values, before: tools.before?.values, tools },
        new Map(Object.entries(intent.values).map(([name, value]) => [name, JSON.stringify(value)])),
        { key: 'settingName', value: 'settingValue', maxKeys: maxSettings, isChanged: () => true },
      )

/** [SE1] The settings by name. The reader checks names and values: they may come from a newer program. */
export const settingsIn = (settings: SettingsDocument): ReadonlyMap<string, SettingValue> =>
  readMap(settings.values, readValue)

const readValue = (text: string): SettingValue | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
  } catch {
    // Not JSON: written by a faulty program, and read as no value.
    return undefined
  }
}
