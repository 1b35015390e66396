import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import { settingsSchema, type Settings, type SettingsStore } from './settings.ts'

const valueName = 'settings'

/** Reads the saved settings field by field: one invalid value does not lose the others. */
export const createSettings = async (values: ValueStore, log: Log): Promise<SettingsStore> => {
  const view = createCell<Settings>(
    parseLeniently(await values.get(valueName).catch(log.failed('the settings were not read'))),
  )
  return {
    view,
    change: (change) => {
      const before = view.get()
      const after = settingsSchema.parse({ ...before, ...change })
      if (Object.entries(after).every(([name, value]) => before[name as keyof Settings] === value)) return
      view.set(after)
      void values.put(valueName, view.get()).catch(log.failed('the settings were not saved'))
    },
  }
}

const parseLeniently = (saved: unknown): Settings => {
  const whole = settingsSchema.safeParse(saved ?? {})
  if (whole.success) return whole.data
  const known = Object.entries(settingsSchema.shape).flatMap(([name, field]) => {
    const parsed = field.safeParse((saved as Record<string, unknown>)[name])
    return parsed.success ? [[name, parsed.data]] : []
  })
  return settingsSchema.parse(Object.fromEntries(known))
}
