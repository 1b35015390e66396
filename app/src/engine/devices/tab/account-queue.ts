import { emptyQueue, type Queue } from '@tonestead/crdt/queue'
import { queueIn } from '@tonestead/crdt/queues/queue-document'
import type { TrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { Clock } from '../../../ports/clock.ts'
import type { Log } from '../../../ports/log.ts'
import { createCell, type Cell } from '../../cell.ts'
import { derived } from '../../derived.ts'
import type { DocumentRef, DocumentService } from '../../documents/documents.ts'
import type { Library } from '../../library/library.ts'
import type { Readable } from '../../readable.ts'
import { queueMarkOf } from './report-player.ts'

const queueRef: DocumentRef<'queue'> = { address: { kind: 'queue' } }
const tracksPerRequest = 50
/** How long a hand-off waits for the queue of the other device, before it goes on with the one that is here. */
const queueWithinMs = 2_000

/** The queue of the account as its document shows it, and the tracks of its entries. */
export type AccountQueue = {
  readonly queue: Readable<Queue>
  readonly tracks: Readable<ReadonlyMap<string, Track>>
  /** Fetches what is missing of these. Resolves when they are there, or cannot be had. */
  readonly want: (ids: readonly TrackId[]) => Promise<void>
  /** The queue as soon as the document shows the one with this mark. */
  readonly showing: (mark: string) => Promise<Queue>
}

type Dependencies = {
  readonly documents: Pick<DocumentService, 'view'>
  readonly library: Pick<Library, 'tracksById'>
  readonly clock: Clock
  readonly log: Log
}

export const createAccountQueue = ({ documents, library, clock, log }: Dependencies): AccountQueue => {
  const queue = derived(documents.view(queueRef), (view) =>
    view.kind === 'open' ? queueIn(view.document).queue : emptyQueue,
  )
  const tracks: Cell<ReadonlyMap<string, Track>> = createCell<ReadonlyMap<string, Track>>(new Map())
  const asked = new Set<string>()
  const fetchSome = async (ids: readonly TrackId[]): Promise<void> => {
    const answer = await library.tracksById(ids, AbortSignal.timeout(10_000))
    if (answer.kind !== 'ready') return void ids.forEach((id) => asked.delete(id))
    tracks.set(new Map([...tracks.get(), ...answer.value.map((track): [string, Track] => [track.id, track])]))
  }
  return {
    queue,
    tracks,
    want: async (ids) => {
      const missing = ids.filter((id) => !asked.has(id))
      for (const id of missing) asked.add(id)
      for (let from = 0; from < missing.length; from += tracksPerRequest)
        await fetchSome(missing.slice(from, from + tracksPerRequest)).catch(log.failed('tracks were not fetched'))
    },
    showing: (mark) =>
      new Promise((resolve) => {
        const end = new AbortController()
        const finish = (): void => {
          end.abort()
          stop()
          resolve(queue.get())
        }
        const look = (): void => {
          if (queueMarkOf(queue.get()) === mark) finish()
        }
        const stop = queue.subscribe(look)
        void clock.after(queueWithinMs, end.signal).then(finish, () => undefined)
        look()
      }),
  }
}
