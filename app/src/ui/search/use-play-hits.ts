import { useEffect, useRef, useState } from 'react'
import type { SearchHit } from '../../engine/search/search.ts'
import { isOfOtherServer } from '../../engine/search/own/own-hit.ts'
import { otherServerText } from '../saved/absence-text.ts'
import { delay } from '../state/delay.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { unlessAborted } from '../state/unless-aborted.ts'
import { useUiState } from '../state/ui-state.tsx'
import { goneText, offlineText } from '../tracks/use-track-actions.ts'
import { createHitTracks } from './hit-tracks.ts'

// Longer than the pause between two keystrokes, so that a list that is replaced at once causes no request.
const restMs = 250

/** Plays the tracks of a result, starting with one of them. The current track is paused or resumed instead. */
export const usePlayHits = (
  hits: readonly SearchHit[],
  onUse: (hit: SearchHit) => void,
): ((hit: SearchHit) => void) => {
  const { player, library, isOnline, log } = useServices()
  const { toasts } = useUiState()
  const { current } = usePlayerView()
  const [tracks] = useState(() =>
    createHitTracks({
      tracksById: (ids, signal) => library.tracksById(ids, signal),
      rest: (signal) => delay(restMs, signal),
      onFailure: log.child('ui').failed('the tracks of a search result were not loaded'),
    }),
  )
  const request = useRef<AbortController>(undefined)
  useEffect(() => tracks.show(hits.map((hit) => hit.id)), [tracks, hits])
  useEffect(
    () => () => {
      tracks.close()
      request.current?.abort()
    },
    [tracks],
  )
  const start = (hit: SearchHit) => {
    const loaded = hits.flatMap((one) => tracks.get(one.id) ?? [])
    player.playTracks({
      context: { kind: 'tracks' },
      tracks: loaded,
      startAt: loaded.findIndex((track) => track.id === hit.id),
    })
  }
  const loadAndStart = async (hit: SearchHit, signal: AbortSignal) => {
    const answer = await unlessAborted(tracks.need(hit.id, signal), signal)
    if (answer === undefined) return
    if (answer.kind === 'ready') start(hit)
    else toasts.show(answer.kind === 'offline' || !isOnline.get() ? offlineText(hit.title) : goneText(hit.title))
  }
  return (hit) => {
    if (isOfOtherServer(hit))
      return void toasts.show(`${hit.title} cannot be played: ${otherServerText.toLowerCase()}.`)
    onUse(hit)
    request.current?.abort()
    if (hit.id === current?.id) return void player.toggle()
    if (tracks.get(hit.id) !== undefined) return void start(hit)
    const controller = new AbortController()
    request.current = controller
    void loadAndStart(hit, controller.signal).catch(log.child('ui').failed('the track of a hit was not loaded'))
  }
}
