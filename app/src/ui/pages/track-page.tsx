import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import { AnswerPage } from '../layout/answer-page.tsx'
import { useServices } from '../state/services-context.tsx'
import { tryParse } from '../state/try-parse.ts'
import { useAnswer } from '../state/use-answer.ts'
import { NotFoundPage } from './not-found-page.tsx'
import { ReleasePage } from './release-page.tsx'

/** A shared link to one track: shows its release, with the track marked. */
export const TrackPage = ({ id }: { id: string }) => {
  const trackId = tryParse(parseTrackId, id)
  return trackId === undefined ? <NotFoundPage /> : <TrackById id={trackId} />
}

const TrackById = ({ id }: { id: TrackId }) => {
  const { library } = useServices()
  const state = useAnswer(`track/${id}`, (signal) => library.track(id, signal))
  return <AnswerPage state={state}>{(track) => <ReleasePage id={track.release.id} markedId={id} />}</AnswerPage>
}
