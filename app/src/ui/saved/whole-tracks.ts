import type { TrackId } from '@tonestead/crdt/ids'
import { maxTracksById, type Track } from '@tonestead/protocol/catalog'
import type { Library } from '../../engine/library/library.ts'
import type { Readable } from '../../engine/readable.ts'
import { createStore } from '../state/store.ts'

/** Tracks of the catalog that are loaded, and ids that the server does not have any more. */
export type WholeTracksView = { readonly tracks: ReadonlyMap<string, Track>; readonly gone: ReadonlySet<string> }

/** Loads the tracks of the rows that are shown. */
export type WholeTracks = {
  readonly view: Readable<WholeTracksView>
  /** Requests the tracks that are missing, after a pause; a later call replaces an earlier one. */
  show(ids: readonly TrackId[]): void
  /** Requests what `show` asked for last and did not get, as when the server is back. */
  again(): void
  /** Requests these tracks at once, at most 50. */
  need(ids: readonly TrackId[]): Promise<void>
  close(): void
}

type Deps = {
  readonly library: Pick<Library, 'track' | 'tracksById'>
  readonly rest: (signal: AbortSignal) => Promise<void>
  readonly onFailure: (cause: unknown) => void
}

export const createWholeTracks = ({ library, rest, onFailure }: Deps): WholeTracks => {
  const view = createStore<WholeTracksView>({ tracks: new Map(), gone: new Set() })
  let shown: AbortController | undefined
  let wanted: readonly TrackId[] = []
  const missingOf = (ids: readonly TrackId[]): readonly TrackId[] => {
    const { tracks, gone } = view.get()
    return ids.filter((id) => !tracks.has(id) && !gone.has(id))
  }
  const load = async (ids: readonly TrackId[], signal: AbortSignal): Promise<void> => {
    const batch = missingOf(ids).slice(0, maxTracksById)
    if (batch.length === 0) return
    const answer = await library.tracksById(batch, signal)
    if (answer.kind !== 'ready' || signal.aborted) return
    const absent = batch.filter((id) => !answer.value.some((track) => track.id === id))
    const gone = (await isGone(absent[0], signal)) ? absent : []
    view.change((before) => ({
      tracks: new Map([...before.tracks, ...answer.value.map((track): [string, Track] => [track.id, track])]),
      gone: new Set([...before.gone, ...gone]),
    }))
  }
  /** Without a server the answer holds the tracks that are stored here, so that an absent one may be there. Asked for one of them, the server says that it has none. */
  const isGone = async (id: TrackId | undefined, signal: AbortSignal): Promise<boolean> => {
    const answer = id === undefined ? undefined : await library.track(id, signal)
    return answer?.kind === 'problem' && answer.code.endsWith('not-found')
  }
  const loadAll = async (ids: readonly TrackId[], signal: AbortSignal): Promise<void> => {
    await rest(signal)
    for (let first = 0; first < ids.length && !signal.aborted; first += maxTracksById)
      await load(ids.slice(first, first + maxTracksById), signal)
  }
  const show = (ids: readonly TrackId[]): void => {
    wanted = ids
    shown?.abort()
    shown = new AbortController()
    const { signal } = shown
    if (missingOf(ids).length > 0)
      void loadAll(ids, signal).catch((cause: unknown) => {
        if (!signal.aborted) onFailure(cause)
      })
  }
  return {
    view,
    show,
    again: () => show(wanted),
    need: (ids) => load(ids, new AbortController().signal).catch(onFailure),
    close: () => shown?.abort(),
  }
}
