import { CircleAlert } from 'lucide-react'
import { playbackProblems } from '../../engine/failures/failure-table.ts'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { usePlayerView, useReadable, useServices } from '../state/services-context.tsx'
import css from './failure-bar.module.css'

/** Why nothing sounds, and every way on. */
export const FailureBar = () => {
  const { player, settings } = useServices()
  const { state, hasNext } = usePlayerView()
  const { quality } = useReadable(settings.view)
  if (state.kind !== 'failed') return undefined
  const text = playbackProblems[state.problem]
  const lower = () => {
    settings.change({ quality: 'aac-64' })
    player.play()
  }
  return (
    <div className={css['failure']} role="alert">
      <Icon of={CircleAlert} />
      <p className={css['text']}>
        <strong>{text.title}</strong> {text.cure}
      </p>
      <div className={css['actions']}>
        {hasNext ? (
          <Button look="quiet" onClick={() => player.next()}>
            Skip
          </Button>
        ) : undefined}
        {text.mayLower && quality !== 'aac-64' ? (
          <Button look="quiet" onClick={lower}>
            Use lower quality
          </Button>
        ) : undefined}
        <Button onClick={() => player.play()}>Retry</Button>
      </div>
    </div>
  )
}
