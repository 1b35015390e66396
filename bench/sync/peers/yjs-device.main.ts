import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { serveDevice, type SharedList } from '../serve-device.ts'
import { sampleEntry } from './sample-entry.ts'

// A device with Yjs and y-websocket, nothing stored. Argument: address of the server.

const [address = ''] = process.argv.slice(2)
/** Far longer than the server needs for the largest list here. */
const settleMs = 5000
const document = new Y.Doc()
const entries = document.getArray<Y.Map<string>>('entries')
const provider = new WebsocketProvider(address, 'list', document, { disableBc: true })

const idsOf = (): string[] => entries.map((entry) => entry.get('id') ?? '')
const entryOf = (id: string): Y.Map<string> =>
  new Y.Map([
    ['id', id],
    ['content', JSON.stringify(sampleEntry(id))],
  ])

await serveDevice(async (): Promise<SharedList> => {
  if (!provider.synced) await new Promise((resolve) => provider.once('sync', resolve))
  return {
    document: 'list',
    apply: (step) => {
      const at = idsOf().indexOf(step.kind === 'remove' ? step.id : (step.after ?? ''))
      if (step.kind === 'remove') entries.delete(at)
      else entries.insert(at + 1, [entryOf(step.id)])
    },
    fill: async (ids) => {
      entries.push(ids.map(entryOf))
      // It does not say when the server has everything.
      await new Promise((resolve) => setTimeout(resolve, settleMs))
    },
    onShown: (listener) => {
      entries.observe(() => listener(idsOf()))
      listener(idsOf())
    },
  }
})
