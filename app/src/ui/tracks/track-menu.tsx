import { CornerDownRight, Disc3, Ellipsis, Link, ListMusic, ListPlus, MicVocal } from 'lucide-react'
import { MenuButton, type MenuItem } from '../controls/menu.tsx'
import type { ListedTrack } from './listed-track.ts'
import { useSavedItem } from './use-saved-item.ts'
import { useTrackActions } from './use-track-actions.ts'

type TrackMenuProps = {
  track: ListedTrack
  tabIndex?: number
  className?: string | undefined
  look?: 'plain' | 'small'
  /** Called before another page opens. */ onGo?: () => void
  /** Further items, for the list that the track is in. */ more?: (() => readonly MenuItem[]) | undefined
}

export const TrackMenu = ({ track, onGo, more, ...rest }: TrackMenuProps) => {
  const actions = useTrackActions()
  const savedItem = useSavedItem(track)
  const go = (path: string) => () => {
    onGo?.()
    actions.go(path)
  }
  const ofCatalog = (): readonly MenuItem[] => [
    { label: 'Play next', icon: CornerDownRight, onSelect: () => void actions.playNext(track) },
    { label: 'Add to queue', icon: ListPlus, onSelect: () => void actions.addToQueue(track) },
    { label: 'Add to playlist', icon: ListMusic, onSelect: () => actions.addToPlaylist(track) },
    ...(more?.() ?? []),
    ...savedItem,
    ...(track.release.id === ''
      ? []
      : [{ label: 'Go to release', icon: Disc3, onSelect: go(`/release/${track.release.id}`), startsGroup: true }]),
    ...((track.credits[0]?.id ?? '') === ''
      ? []
      : [{ label: 'Go to artist', icon: MicVocal, onSelect: go(`/artist/${track.credits[0]?.id ?? ''}`) }]),
    { label: 'Copy link', icon: Link, onSelect: () => void actions.copyLink(`/track/${track.id}`), startsGroup: true },
  ]
  return (
    <MenuButton
      label={`More actions for ${track.title}`}
      icon={Ellipsis}
      items={track.note === undefined ? ofCatalog : () => savedItem}
      {...rest}
    />
  )
}
