import '../app/src/zod-without-eval.ts'
import { parseCollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createTabDocuments } from '../app/src/engine/documents/tab/create-tab-documents.ts'
import { openBroadcastChannel } from '../app/src/platform/system/broadcast-tab-channel.ts'
import { systemClock as clock } from '../app/src/platform/system/system-clock.ts'

// The documents of a tab, as the page makes them, for journeys: document-tab.ts carries this into a page, which itself has no way in.

const documents = createTabDocuments({
  openChannel: openBroadcastChannel,
  clock,
  tab: crypto.randomUUID(),
  // No journey asks for ids.
  personal: parseCollectionId('a'.repeat(52)),
  onKept: () => undefined,
})
const settings = { address: { kind: 'settings' } } as const
documents.view(settings).subscribe(() => undefined)

const journeyTab = {
  /** Changes a setting of the account; resolves when it is kept. */
  change: (id: string, name: string, value: string) =>
    documents.edit(settings, { kind: 'changeSettings', id: id as never, values: { [name]: value } }),
  /** The settings that this tab shows now. */
  values: (): unknown => {
    const view = documents.view(settings).get()
    return view.kind === 'open' ? view.document.values : view.kind
  },
  status: () => documents.status().get(),
}
export type JourneyTab = typeof journeyTab
Object.assign(globalThis, { journeyTab })
