import { useEffect, useState } from 'react'
import { usePlayerView, useServices } from '../state/services-context.tsx'

/** Where playback is, for drawing; it stands still while paused, and costs nothing while the page is hidden. */
export const usePosition = (everyMs = 250): number => {
  const { player } = useServices()
  const { state } = usePlayerView()
  const [positionMs, setPosition] = useState(() => player.positionMs())
  useEffect(() => {
    const draw = () => {
      if (!document.hidden) setPosition(player.positionMs())
    }
    draw()
    if (state.kind !== 'playing') return
    const timer = setInterval(draw, everyMs)
    document.addEventListener('visibilitychange', draw)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', draw)
    }
  }, [player, state, everyMs])
  return positionMs
}
