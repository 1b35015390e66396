import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { serveDevice, type SharedList } from '../serve-device.ts'
import { sampleEntry } from './sample-entry.ts'

// A device with Yjs and y-websocket, nothing stored. Argument: address of the server.

const [address = ''] = process.argv.slice(2)
const content = JSON.stringify(sampleEntry)
const document = new Y.Doc()
const entries = document.getArray<Y.Map<string>>('entries')
const provider = new WebsocketProvider(address, 'list', document, { disableBc: true })

const idsOf = (): string[] => entries.map((entry) => entry.get('id') ?? '')
const entryOf = (id: string): Y.Map<string> =>
  new Y.Map([
    ['id', id],
    ['content', content],
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
    onShown: (listener) => entries.observe(() => listener(idsOf())),
  }
})
