import { useId, useState } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { counted } from '../state/format-time.ts'
import type { FindTracks } from './entry-search.tsx'
import { UnmatchedEntry } from './unmatched-entry.tsx'
import { isUnanswered, type FoundEntries } from './use-import.ts'
import css from './import-dialog.module.css'

type ImportReportProps = FoundEntries & {
  find: FindTracks
  onChoose: (index: number, track: Track | undefined) => void
  onAgain: () => void
  onImport: (title: string, tracks: readonly Track[]) => void
}

/** Rows of the list that are drawn at first; a file can have 10,000 entries. */
const rowsAtFirst = 100

/** What was found, and each entry that was not. */
export const ImportReport = ({
  title: given,
  matches,
  chosen,
  leftOut,
  find,
  onChoose,
  onAgain,
  onImport,
}: ImportReportProps) => {
  const [title, setTitle] = useState(given)
  const [most, setMost] = useState(rowsAtFirst)
  const id = useId()
  const unmatched = [...matches.entries()].filter(([, match]) => match.kind === 'unmatched')
  const tracks = matches.flatMap((match, index) => (match.kind === 'matched' ? match.track : (chosen.get(index) ?? [])))
  const found = matches.length - unmatched.length
  return (
    <form
      className={css['report']}
      onSubmit={(event) => {
        event.preventDefault()
        onImport(title.trim() || given, tracks)
      }}
    >
      <label className={css['name']} htmlFor={id}>
        Name
        <input
          id={id}
          value={title}
          maxLength={300}
          autoComplete="off"
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <p role="status">{summaryOf({ found, total: matches.length, leftOut })}</p>
      {matches.some(isUnanswered) ? (
        <Notice
          tone="info"
          title="The server did not answer for some entries"
          actions={<Button onClick={onAgain}>Try again</Button>}
        >
          They may be in the library.
        </Notice>
      ) : undefined}
      {unmatched.length === 0 ? undefined : (
        <ul className={css['entries']} aria-label="Entries that were not found">
          {unmatched
            .slice(0, most)
            .map(([index, match]) =>
              match.kind === 'matched' ? undefined : (
                <UnmatchedEntry
                  key={index}
                  entry={match.entry}
                  reason={match.reason}
                  chosen={chosen.get(index)}
                  find={find}
                  onChoose={(track) => onChoose(index, track)}
                />
              ),
            )}
        </ul>
      )}
      {unmatched.length > most ? (
        <div>
          <Button onClick={() => setMost(most + rowsAtFirst)}>Show more</Button>
        </div>
      ) : undefined}
      <div className={css['actions']}>
        <Button type="submit" look="primary" disabled={tracks.length === 0}>
          {`Import ${counted(tracks.length, 'track')}`}
        </Button>
      </div>
    </form>
  )
}

const summaryOf = ({ found, total, leftOut }: { found: number; total: number; leftOut: number }): string => {
  const all =
    found === total
      ? `All ${counted(total, 'entry', 'entries')} are in the library.`
      : `${found.toLocaleString('en')} of ${counted(total, 'entry', 'entries')} are in the library.`
  return leftOut === 0 ? all : `${all} The file has ${counted(leftOut, 'entry', 'entries')} more than can be read.`
}
