import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import { settingsSchema, type Settings, type SettingsStore } from './settings.ts'

const valueName = 'settings'

/** Reads what was kept, field by field: one bad value does not lose the others. */
export const createSettings = async (values: ValueStore): Promise<SettingsStore> => {
  const view = createCell<Settings>(parseLeniently(await values.get(valueName).catch(() => undefined)))
  return {
    view,
    change: (change) => {
      view.set(settingsSchema.parse({ ...view.get(), ...change }))
      void values.put(valueName, view.get()).catch(() => undefined)
    },
  }
}

const parseLeniently = (kept: unknown): Settings => {
  const whole = settingsSchema.safeParse(kept ?? {})
  if (whole.success) return whole.data
  const known = Object.entries(settingsSchema.shape).flatMap(([name, field]) => {
    const parsed = field.safeParse((kept as Record<string, unknown>)[name])
    return parsed.success ? [[name, parsed.data]] : []
  })
  return settingsSchema.parse(Object.fromEntries(known))
}
