import { Check, Search } from 'lucide-react'
import { useState } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import type { EntryMatch } from '../../engine/playlist-files/matching/match-entries.ts'
import { describeEntry } from '../../engine/playlist-files/matching/describe-entry.ts'
import type { FileEntry } from '../../engine/playlist-files/playlist-file.ts'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { creditText } from '../state/credit-text.ts'
import { EntrySearch, type FindTracks } from './entry-search.tsx'
import { entryText, reasonTexts } from './import-texts.ts'
import css from './import-dialog.module.css'

type UnmatchedEntryProps = {
  entry: FileEntry
  reason: Extract<EntryMatch, { kind: 'unmatched' }>['reason']
  chosen: Track | undefined
  find: FindTracks
  onChoose: (track: Track | undefined) => void
}

/** An entry that was not found: why, and a search for it. */
export const UnmatchedEntry = ({ entry, reason, chosen, find, onChoose }: UnmatchedEntryProps) => {
  const [isOpen, setOpen] = useState(false)
  const text = entryText(entry)
  const choose = (track: Track) => {
    setOpen(false)
    onChoose(track)
  }
  return (
    <li className={css['entry']}>
      <div className={css['row']}>
        <div className={css['words']}>
          <bdi className={css['entryText']}>{text}</bdi>
          {chosen === undefined ? (
            <span className={css['muted']}>{reasonTexts[reason]}</span>
          ) : (
            <span className={css['chosen']}>
              <Icon of={Check} size={16} /> <bdi>{`${chosen.title}, ${creditText(chosen.credits)}`}</bdi>
            </span>
          )}
        </div>
        {chosen === undefined ? (
          <Button
            icon={Search}
            aria-label={`Search for ${text}`}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            Search
          </Button>
        ) : (
          <Button aria-label={`Leave out ${text}`} onClick={() => onChoose(undefined)}>
            Leave out
          </Button>
        )}
      </div>
      {isOpen && chosen === undefined ? (
        <EntrySearch
          label={`Search for ${text}`}
          start={describeEntry(entry)?.title ?? ''}
          find={find}
          onChoose={choose}
        />
      ) : undefined}
    </li>
  )
}
