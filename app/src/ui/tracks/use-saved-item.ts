import { Heart, HeartOff } from 'lucide-react'
import type { MenuItem } from '../controls/menu.tsx'
import type { ListedTrack } from './listed-track.ts'
import { useSaving } from './use-saving.ts'
import { useTrackActions } from './use-track-actions.ts'

/** The item of a track's menu that saves the track, or removes it from what is saved; none where the browser keeps no saved music. */
export const useSavedItem = (track: ListedTrack): readonly MenuItem[] => {
  const saving = useSaving()
  const { wholeTrack } = useTrackActions()
  const key = track.savedKey ?? saving.keyOf(track.id)
  if (!saving.isAvailable || key === undefined) return []
  if (saving.isSaved('tracks', key))
    return [
      {
        label: 'Remove from saved',
        icon: HeartOff,
        onSelect: () => saving.remove('tracks', key, track.title),
      },
    ]
  const save = async () => {
    const whole = await wholeTrack(track)
    if (whole !== undefined) saving.save({ section: 'tracks', track: whole }, track.title)
  }
  return [{ label: 'Save', icon: Heart, onSelect: () => void save() }]
}
