import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import { HeroBones, RowBones } from '../controls/skeleton.tsx'
import { useServices } from '../state/services-context.tsx'
import { useAnswer } from '../state/use-answer.ts'
import { AnswerNotice } from '../layout/answer-notice.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { ReleasePage } from './release-page.tsx'
import page from '../layout/page.module.css'

/** A shared link to one track: its release, with the track marked. */
export const TrackPage = ({ id }: { id: string }) => {
  const known = trackIdOf(id)
  return known === undefined ? <NotFoundPage /> : <KnownTrack id={known} />
}

const trackIdOf = (text: string): TrackId | undefined => {
  try {
    return parseTrackId(text)
  } catch {
    return undefined
  }
}

const KnownTrack = ({ id }: { id: TrackId }) => {
  const { library } = useServices()
  const { answer, askAgain } = useAnswer(`track/${id}`, (signal) => library.track(id, signal))
  if (answer.kind === 'loading') {
    return (
      <div className={page['page']}>
        <HeroBones />
        <RowBones />
      </div>
    )
  }
  if (answer.kind !== 'ready') return <AnswerNotice failure={answer} onRetry={askAgain} isPage />
  return <ReleasePage id={answer.value.release.id} markedId={id} />
}
