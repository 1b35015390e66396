import { useEffect, useRef, useState } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import type { Answer } from '../../engine/server/answer.ts'
import { Artwork } from '../controls/artwork.tsx'
import { Button } from '../controls/button.tsx'
import { creditText } from '../state/credit-text.ts'
import { delay } from '../state/delay.ts'
import { formatClock } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { unlessAborted } from '../state/unless-aborted.ts'
import css from './import-dialog.module.css'

export type FindTracks = (text: string, signal: AbortSignal) => Promise<Answer<readonly Track[]>>

type EntrySearchProps = { label: string; start: string; find: FindTracks; onChoose: (track: Track) => void }

/** Pause of the typing after which the server is asked. */
const typingPauseMs = 250
const mostShown = 8

/** A field and the tracks that are found by its text. */
export const EntrySearch = ({ label, start, find, onChoose }: EntrySearchProps) => {
  const { log } = useServices()
  const [text, setText] = useState(start)
  const field = useRef<HTMLInputElement>(null)
  // The person opened the search to type into it.
  useEffect(() => field.current?.focus(), [])
  const [found, setFound] = useState<{ readonly text: string; readonly answer: Answer<readonly Track[]> }>()
  useEffect(() => {
    const controller = new AbortController()
    const search = async () => {
      await delay(typingPauseMs, controller.signal)
      if (controller.signal.aborted || text.trim() === '') return
      const answer = await unlessAborted(find(text.trim(), controller.signal), controller.signal)
      if (answer !== undefined) setFound({ text, answer })
    }
    void search().catch(log.child('ui').failed('an entry of a playlist was not searched'))
    return () => controller.abort()
  }, [text, find, log])
  return (
    <div className={css['search']}>
      <input
        type="search"
        aria-label={label}
        value={text}
        autoComplete="off"
        ref={field}
        onChange={(event) => setText(event.target.value)}
      />
      <Results answer={found?.text === text ? found.answer : undefined} onChoose={onChoose} />
    </div>
  )
}

const Results = ({
  answer,
  onChoose,
}: {
  answer: Answer<readonly Track[]> | undefined
  onChoose: (track: Track) => void
}) => {
  if (answer === undefined) return <p className={css['muted']}>Searching</p>
  if (answer.kind !== 'ready')
    return (
      <p role="status" className={css['muted']}>
        The server did not answer. Change the text to search again.
      </p>
    )
  if (answer.value.length === 0)
    return (
      <p role="status" className={css['muted']}>
        Nothing was found. Try fewer words.
      </p>
    )
  return (
    <ul className={css['results']} aria-label="Tracks found">
      {answer.value.slice(0, mostShown).map((track) => (
        <li key={track.id} className={css['row']}>
          <Artwork cover={track.release.cover} title={track.release.title} size={40} />
          <div className={css['words']}>
            <bdi className={css['entryText']}>{track.title}</bdi>
            <span className={css['muted']}>
              <bdi>{creditText(track.credits)}</bdi> · <bdi>{track.release.title}</bdi> ·{' '}
              {formatClock(track.durationMs)}
            </span>
          </div>
          <Button aria-label={`Use ${track.title} by ${creditText(track.credits)}`} onClick={() => onChoose(track)}>
            Use
          </Button>
        </li>
      ))}
    </ul>
  )
}
