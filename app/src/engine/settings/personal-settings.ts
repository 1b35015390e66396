import { settingsIn, type SettingValue } from '@tonestead/crdt/listening/settings-document'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { z } from 'zod'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { settingsSchema, type Settings, type SettingsStore } from './settings.ts'

/**
 * [PS1] The settings that belong to the person and are the same on every device. The others belong to a device: quality (its network) and theme (its screen and
 * its surroundings).
 */
export const personalSettings = ['loudness', 'hasShortcuts', 'isPlayCountShared', 'keepsHistory'] as const
type PersonalName = (typeof personalSettings)[number]

type Deps = {
  /** The settings of this device, with a copy of the personal ones, so that they are there before the documents. */
  readonly store: SettingsStore
  readonly documents: DocumentService
  readonly values: ValueStore
  readonly random: Random
  readonly log: Log
}

const settingsRef: DocumentRef<'settings'> = { address: { kind: 'settings' } }
/** Names that a person changed and that are not in the document yet. */
const waitingName = 'settings-waiting'
const waitingSchema = z.array(z.enum(personalSettings)).catch([])

/** Settings whose personal part is in a document. `begin`: when nobody waits for the network. */
export type PersonalSettings = SettingsStore & { readonly begin: () => void }

/** [PS1] to [PS4] */
export const createPersonalSettings = (deps: Deps): PersonalSettings => {
  const { store, documents, values, log } = deps
  const waiting = new Set<PersonalName>()
  let isBegun = false
  let work: Promise<void> = Promise.resolve()
  /** One after the other, so that the document gets the last value last. */
  const enqueue = (act: () => Promise<void>): void => {
    work = work.then(act).catch(log.failed('the settings were not written into the documents'))
  }
  const take = (): void => {
    const view = documents.view(settingsRef).get()
    if (view.kind === 'open') store.change(readPersonal(settingsIn(view.document), (name) => !waiting.has(name)))
  }
  const write = async (): Promise<void> => {
    await values.put(waitingName, [...waiting])
    const written = store.view.get()
    const names = [...waiting]
    if (!isBegun || names.length === 0 || !(await putPersonal(deps, written, names))) return
    for (const name of names) if (store.view.get()[name] === written[name]) waiting.delete(name)
    await values.put(waitingName, [...waiting])
  }
  const begin = async (): Promise<void> => {
    for (const name of waitingSchema.parse(await values.get(waitingName))) waiting.add(name)
    isBegun = true
    documents.view(settingsRef).subscribe(take)
    await write()
    take()
  }
  return {
    view: store.view,
    change: (change) => {
      store.change(change)
      const names = personalSettings.filter((name) => change[name] !== undefined)
      for (const name of names) waiting.add(name)
      if (names.length > 0) enqueue(write)
    },
    begin: () => enqueue(begin),
  }
}

/** [PS3] Values of the document; those that this version does not know or that have another form are left out. */
const readPersonal = (
  values: ReadonlyMap<string, SettingValue>,
  isTaken: (name: PersonalName) => boolean,
): Partial<Settings> =>
  Object.fromEntries(
    personalSettings.filter(isTaken).flatMap((name) => {
      const parsed = values.has(name) ? settingsSchema.shape[name].safeParse(values.get(name)) : undefined
      return parsed?.success === true ? [[name, parsed.data]] : []
    }),
  )

/** False: there are no documents now; the names stay waiting. */
const putPersonal = async (
  { documents, random, log }: Deps,
  settings: Settings,
  names: readonly PersonalName[],
): Promise<boolean> => {
  const values = Object.fromEntries(names.map((name) => [name, settings[name]]))
  const result = await documents.edit(settingsRef, { kind: 'changeSettings', id: newIntentId(random), values })
  if (result.kind === 'refused') log.warn('the settings were not taken by their document', { reason: result.reason })
  return result.kind === 'kept' || result.kind === 'unchanged'
}
