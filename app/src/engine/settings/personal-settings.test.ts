import { expect, test } from 'vitest'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import type { DocumentService } from '../documents/documents.ts'
import { createMemoryDocuments } from '../documents/memory-documents.testkit.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { createUnavailableDocuments } from '../documents/unavailable-documents.ts'
import { createSettings } from './create-settings.ts'
import { createPersonalSettings, personalSettings } from './personal-settings.ts'
import { settingsSchema } from './settings.ts'

const random = createSeededRandom(3)
const start = async (documents: DocumentService, values = createMemoryValueStore()) => {
  const settings = createPersonalSettings({ store: await createSettings(values, log), documents, values, random, log })
  return { settings, values }
}
const documentOf = (documents: DocumentService): Record<string, unknown> => {
  const view = documents.view<'settings'>({ address: { kind: 'settings' } }).get()
  return view.kind === 'open' ? view.document.values : {}
}
const putRemote = (documents: DocumentService, values: Record<string, string | boolean>) =>
  documents.edit<'settings'>(
    { address: { kind: 'settings' } },
    { kind: 'changeSettings', id: newIntentId(random), values },
  )

test('[PS1] what a person changes is on every device, and what belongs to the device stays there', async () => {
  const documents = createMemoryDocuments()
  const [first, second] = [await start(documents), await start(documents)]
  first.settings.begin()
  second.settings.begin()
  first.settings.change({ loudness: 'album', theme: 'dark', quality: 'aac-64', keepsHistory: false })
  expect(first.settings.view.get()).toMatchObject({ loudness: 'album', theme: 'dark' })
  await expect.poll(() => documentOf(documents)).toEqual({ loudness: '"album"', keepsHistory: 'false' })
  expect(second.settings.view.get()).toMatchObject({
    loudness: 'album',
    keepsHistory: false,
    theme: 'system',
    quality: 'auto',
  })
})

test('[PS1] every setting belongs to the person or to the device', () => {
  expect(Object.keys(settingsSchema.shape).toSorted()).toEqual([...personalSettings, 'quality', 'theme'].toSorted())
})

test('[PS3] a value of another version is left out, and the others count', async () => {
  const documents = createMemoryDocuments()
  const { settings } = await start(documents)
  await putRemote(documents, { loudness: 'of a newer version', hasShortcuts: false, unknown: 'x' })
  settings.begin()
  await expect.poll(() => settings.view.get().hasShortcuts).toBe(false)
  expect(settings.view.get().loudness).toBe('automatic')
})

test('[PS2] [PS4] without documents a change counts, survives a reload, and is written when there are documents', async () => {
  const { settings, values } = await start(createUnavailableDocuments('not-begun'))
  settings.begin()
  settings.change({ loudness: 'off' })
  await expect.poll(() => values.get('settings-waiting')).toEqual(['loudness'])
  await expect.poll(() => values.get('settings')).toMatchObject({ loudness: 'off' })
  const documents = createMemoryDocuments()
  await putRemote(documents, { loudness: 'track', isPlayCountShared: false })
  const later = await start(documents, values)
  expect(later.settings.view.get().loudness).toBe('off')
  later.settings.begin()
  await expect.poll(() => documentOf(documents)['loudness']).toBe('"off"')
  await expect.poll(() => later.settings.view.get()).toMatchObject({ loudness: 'off', isPlayCountShared: false })
  await expect.poll(() => values.get('settings-waiting')).toEqual([])
})

test('[PS4] of quick changes the document has the last one', async () => {
  const documents = createMemoryDocuments()
  const { settings } = await start(documents)
  settings.begin()
  for (const loudness of ['album', 'off', 'track', 'album', 'off'] as const) settings.change({ loudness })
  await expect.poll(() => documentOf(documents)['loudness']).toBe('"off"')
  expect(settings.view.get().loudness).toBe('off')
})
