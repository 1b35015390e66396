import { useCallback, useEffect, useState } from 'react'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import { delay } from '../state/delay.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { createWholeTracks } from './whole-tracks.ts'
import { listedReference, type ListedRows } from './listed-reference.ts'

/** Longer than the pause between two steps of a scroll. */
const restMs = 200
/** Rows after the visible ones whose tracks are requested too, so that Play has a queue at once. */
const rowsAhead = 150

/** The rows of tracks that documents remember, and the tracks of the catalog that belong to them as soon as they are loaded. */
export const useWholeTracks = (references: readonly TrackReference[]) => {
  const { library, log, saved, isOnline } = useServices()
  const serverId = useReadable(saved.serverId)
  const [whole] = useState(() =>
    createWholeTracks({
      library,
      rest: (signal) => delay(restMs, signal),
      onFailure: log.child('ui').failed('the tracks of a list were not loaded'),
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
      references.slice(first, last + 1).flatMap((track) => (track.serverId === serverId ? [track.trackId] : [])),
    [references, serverId],
  )
  /** Reads what is loaded now, not at the last drawing: Play asks again after its request. */
  const trackAt = useCallback(
    (row: number) => {
      const track = references[row]
      return track?.serverId === serverId ? whole.view.get().tracks.get(track?.trackId ?? '') : undefined
    },
    [references, whole, serverId],
  )
  return {
    trackAt,
    listedAt: useCallback(
      (row: number) => {
        const track = references[row]
        return track && listedReference(track, { serverId, loaded, rows })
      },
      [references, loaded, serverId, rows],
    ),
    show: useCallback(
      (first: number, last: number) => whole.show(wantedOf(first, last + rowsAhead)),
      [whole, wantedOf],
    ),
    /** Requests the tracks of a row and those after it at once. */
    need: (row: number): Promise<void> => whole.need(wantedOf(row, row + 49)),
  }
}
