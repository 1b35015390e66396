import { ImmutableString, Repo, type AutomergeUrl, type DocHandle } from '@automerge/automerge-repo'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import { serveDevice, type SharedList } from '../serve-device.ts'
import { sampleEntry } from './sample-entry.ts'

// A device with automerge-repo, nothing stored. Arguments: address of the server, and for the second device the URL of the document.

const [address = '', url] = process.argv.slice(2)
type Entry = { readonly id: ImmutableString; readonly content: ImmutableString }
type List = { entries: Entry[] }

/** Far longer than the server needs for the largest list here. */
const settleMs = 5000
const contentOf = (id: string): ImmutableString => new ImmutableString(JSON.stringify(sampleEntry(id)))
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
        else entries.splice(at + 1, 0, { id: new ImmutableString(step.id), content: contentOf(step.id) })
      }),
    fill: async (ids) => {
      handle.change(({ entries }) => {
        for (const id of ids) entries.push({ id: new ImmutableString(id), content: contentOf(id) })
      })
      // It does not say when the server has everything.
      await new Promise((resolve) => setTimeout(resolve, settleMs))
    },
    onShown: (listener) => {
      handle.on('change', ({ doc }) => listener(idsOf(doc)))
      listener(idsOf(handle.doc()))
    },
  }
})
