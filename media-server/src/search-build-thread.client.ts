import type { MessagePort } from 'node:worker_threads'
import type { Audience } from '@tonestead/protocol/audience'
import { runInThread } from './platform/process/run-in-thread.ts'
import type { BuiltIndex } from './search/build-index.ts'

export type BuildRequest = { readonly audience: Audience; readonly isSnapshotWanted: boolean }

export type SearchBuildDeps = {
  readonly dataFolder: string
  /** Opens a channel to the port `search` of the catalog. */
  readonly openCatalogChannel: () => Promise<MessagePort>
  readonly onBuilt: (built: BuiltIndex) => void
}

/** Builds search indexes, each in a thread of its own. Builds that are requested at the same time run one after the other. */
export const createSearchBuildThread = ({ dataFolder, openCatalogChannel, onBuilt }: SearchBuildDeps) => {
  let last: Promise<unknown> = Promise.resolve()
  const build = async (request: BuildRequest, signal: AbortSignal): Promise<BuiltIndex> => {
    const catalog = await openCatalogChannel()
    const program = new URL('./search-build-thread.main.ts', import.meta.url)
    const data = { ...request, dataFolder, catalog }
    const built = (await runInThread({ program, data, transfer: [catalog] }, signal)) as BuiltIndex
    onBuilt(built)
    return built
  }
  return (request: BuildRequest, signal: AbortSignal): Promise<BuiltIndex> => {
    const result = last.then(() => build(request, signal))
    // The caller gets a rejection through `result`; the queue only needs the order.
    last = result.catch(() => undefined)
    return result
  }
}
