import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import type { ListedTrack } from '../tracks/listed-track.ts'
import { createRows, entriesInOrder, type NameOf, type SortName } from './entry-rows.ts'

export type PlaylistRows = {
  readonly entries: readonly PlaylistEntry[]
  readonly at: (row: number) => ListedTrack | undefined
  /** The visible rows, `last` included: their tracks are requested. */
  readonly onShow: (first: number, last: number) => void
}

/** The entries of a playlist in the order of the view, as rows of a grid. */
export const usePlaylistRows = (playlist: OpenPlaylist, sort: SortName, nameOf?: NameOf): PlaylistRows => {
  const { playlists, account, isOnline: online } = useServices()
  const view = useReadable(account.view)
  const mayListen = view.kind !== 'ready' || view.rights.includes('listen')
  const known = useReadable(playlists.known)
  const isOnline = useReadable(online)
  const [rowOf] = useState(createRows)
  const entries = useMemo(() => entriesInOrder(playlist.entries, sort), [playlist.entries, sort])
  const at = useCallback(
    (row: number) => {
      const entry = entries[row]
      return entry && rowOf(entry, known, { nameOf, mayListen })
    },
    [entries, rowOf, known, nameOf, mayListen],
  )
  const name = `playlist/${playlist.id}`
  const shown = useRef<readonly [first: number, last: number]>(undefined)
  const onShow = useCallback(
    (first: number, last: number) => {
      shown.current = [first, last]
      const visible = entries.slice(first, last + 1)
      playlists.want(
        name,
        visible.flatMap(({ item }) => item?.track ?? []),
      )
    },
    [playlists, name, entries],
  )
  // When the server is back, what is visible is requested again.
  useEffect(() => {
    if (isOnline && shown.current !== undefined) onShow(...shown.current)
  }, [isOnline, onShow])
  useEffect(() => () => playlists.want(name, []), [playlists, name])
  return { entries, at, onShow }
}
