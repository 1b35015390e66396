import { silentLog as log } from '../../platform/system/silent-log.ts'
import { expect, test } from 'vitest'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { createSettings } from './create-settings.ts'

test('[PS2] [PS5] settings are restored after a reload, and one invalid value does not lose the others', async () => {
  const values = createMemoryValueStore()
  const first = await createSettings(values, log)
  expect(first.view.get()).toMatchObject({ quality: 'auto', loudness: 'automatic', theme: 'system' })
  first.change({ theme: 'dark', quality: 'aac-128' })
  await expect
    .poll(async () => (await createSettings(values, log)).view.get())
    .toMatchObject({ theme: 'dark', quality: 'aac-128' })
  await values.put('settings', { theme: 'dark', quality: 'of another version' })
  expect((await createSettings(values, log)).view.get()).toMatchObject({ theme: 'dark', quality: 'auto' })
})
