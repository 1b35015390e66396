import { lowestAac } from '@tonestead/protocol/rendition'
import { CircleAlert } from 'lucide-react'
import { playbackProblems } from '../../engine/failures/failure-table.ts'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { usePlayerView, useReadable, useServices } from '../state/services-context.tsx'
import css from './failure-bar.module.css'

/** Says why playback failed, with buttons to skip, lower the quality or retry. */
export const FailureBar = () => {
  const { player, settings } = useServices()
  const { state, hasNext } = usePlayerView()
  const { quality } = useReadable(settings.view)
  if (state.kind !== 'failed') return undefined
  const text = playbackProblems[state.problem]
  const lower = () => {
    settings.change({ quality: lowestAac })
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
        {text.mayLower && quality !== lowestAac ? (
          <Button look="quiet" onClick={lower}>
            Use lower quality
          </Button>
        ) : undefined}
        <Button onClick={() => player.play()}>Retry</Button>
      </div>
    </div>
  )
}
