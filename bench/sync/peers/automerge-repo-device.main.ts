import { ImmutableString, Repo, type AutomergeUrl, type DocHandle } from '@automerge/automerge-repo'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import { serveDevice, type SharedList } from '../serve-device.ts'
import { sampleEntry } from './sample-entry.ts'

// A device with automerge-repo, nothing stored. Arguments: address of the server, and for the second device the URL of the document.

const [address = '', url] = process.argv.slice(2)
type Entry = { readonly id: ImmutableString; readonly content: ImmutableString }
type List = { entries: Entry[] }

const content = JSON.stringify(sampleEntry)
const repo = new Repo({ network: [new WebSocketClientAdapter(address)] })

const begin = (): DocHandle<List> => repo.create<List>({ entries: [] })
const idsOf = (list: List | undefined): string[] => (list?.entries ?? []).map(({ id }) => id.val)

await serveDevice(async (): Promise<SharedList> => {
  await repo.networkSubsystem.whenReady()
  const handle = url === undefined ? begin() : await repo.find<List>(url as AutomergeUrl)
  return {
    document: handle.url,
    apply: (step) =>
      handle.change(({ entries }) => {
        const at = entries.findIndex(({ id }) => id.val === (step.kind === 'remove' ? step.id : step.after))
        if (step.kind === 'remove') entries.splice(at, 1)
        else entries.splice(at + 1, 0, { id: new ImmutableString(step.id), content: new ImmutableString(content) })
      }),
    onShown: (listener) => void handle.on('change', ({ doc }) => listener(idsOf(doc))),
  }
})
