import { useCallback, useEffect, useState } from 'react'
import type { SavedItem } from '../../engine/saved/saved-list.ts'
import { delay } from '../state/delay.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { createWholeTracks } from './whole-tracks.ts'
import { listedSaved, type ListedRows } from './listed-saved.ts'

/** Longer than the pause between two steps of a scroll. */
const restMs = 200
/** Rows after the visible ones whose tracks are requested too, so that Play has a queue at once. */
const rowsAhead = 150

/** The rows of saved tracks, and the tracks of the catalog that belong to them as soon as they are loaded. */
export const useWholeTracks = (items: readonly SavedItem<'tracks'>[]) => {
  const { library, log, saved, isOnline } = useServices()
  const serverId = useReadable(saved.serverId)
  const [whole] = useState(() =>
    createWholeTracks({
      library,
      rest: (signal) => delay(restMs, signal),
      onFailure: log.child('ui').failed('saved tracks were not loaded'),
    }),
  )
  const loaded = useReadable(whole.view)
  const online = useReadable(isOnline)
  const [rows] = useState((): ListedRows => new WeakMap())
  useEffect(() => () => whole.close(), [whole])
  useEffect(() => {
    if (online) whole.again()
  }, [whole, online])
  const wantedOf = useCallback(
    (first: number, last: number) =>
      items
        .slice(first, last + 1)
        .flatMap((item) => (item.saved.track.serverId === serverId ? [item.saved.track.trackId] : [])),
    [items, serverId],
  )
  /** Reads what is loaded now, not at the last drawing: Play asks again after its request. */
  const trackAt = useCallback(
    (row: number) => {
      const track = items[row]?.saved.track
      return track?.serverId === serverId ? whole.view.get().tracks.get(track?.trackId ?? '') : undefined
    },
    [items, whole, serverId],
  )
  return {
    trackAt,
    listedAt: useCallback(
      (row: number) => {
        const item = items[row]
        return item && listedSaved(item, { serverId, loaded, rows })
      },
      [items, loaded, serverId, rows],
    ),
    show: useCallback(
      (first: number, last: number) => whole.show(wantedOf(first, last + rowsAhead)),
      [whole, wantedOf],
    ),
    /** Requests the tracks of a row and those after it at once. */
    need: (row: number): Promise<void> => whole.need(wantedOf(row, row + 49)),
  }
}
