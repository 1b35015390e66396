import {
  createHistoryRecorder,
  type HistoryRecorder,
  type HistoryRecorderDeps,
} from './engine/listening/history-recorder.ts'
import { startPositionMirror, type PositionMirrorDeps } from './engine/listening/position-mirror.ts'
import { startQueueMirror, type QueueMirrorDeps } from './engine/listening/queue-mirror.ts'
import type { Player } from './engine/playback/player.ts'

// What of the listening is written into documents. Loaded when nobody waits for the network.

type ListeningDeps = Omit<QueueMirrorDeps & HistoryRecorderDeps & PositionMirrorDeps, 'view' | 'positionMs'> & {
  readonly player: Player
}

/** Starts to write queue and position; what was listened to goes to the recorder. */
export const listeningInPage = ({
  player,
  ...deps
}: ListeningDeps): { readonly recorder: HistoryRecorder; readonly writeQueue: () => void } => {
  const recorder = createHistoryRecorder(deps)
  const { writeNow } = startQueueMirror({ ...deps, view: player.view })
  startPositionMirror({ ...deps, view: player.view, positionMs: () => player.positionMs() })
  recorder.begin()
  return { recorder, writeQueue: writeNow }
}
