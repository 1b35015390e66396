import { useEffect, useState } from 'react'
import { usePlayerView, useServices } from '../state/services-context.tsx'

/** The playback position for rendering. No timer runs while playback is paused, and nothing renders while the page is hidden. */
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
