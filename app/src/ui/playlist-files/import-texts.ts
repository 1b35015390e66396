import type { EntryMatch } from '../../engine/playlist-files/matching/match-entries.ts'
import type { FileEntry } from '../../engine/playlist-files/playlist-file.ts'
import type { Unreadable } from '../../engine/playlist-files/read-playlist-file.ts'

type Text = { readonly title: string; readonly cure: string }

/** Why a file is no playlist that can be read, and what to do. */
export const unreadableTexts: Readonly<Record<Unreadable | 'not-read', Text>> = {
  'too-large': { title: 'The file is too large', cure: 'A playlist file has at most 10 MB.' },
  'not-a-playlist': { title: 'This is no playlist', cure: 'M3U, M3U8, XSPF and JSPF files can be read.' },
  broken: {
    title: 'The file is damaged',
    cure: 'It ends early or was altered. Export it again, then choose the new one.',
  },
  empty: { title: 'The playlist is empty', cure: 'There is no entry in the file.' },
  'not-read': { title: 'The file could not be read', cure: 'It may have been moved. Choose it again.' },
}

type Reason = Extract<EntryMatch, { kind: 'unmatched' }>['reason']

/** Why an entry was not found. */
export const reasonTexts: Readonly<Record<Reason, string>> = {
  unknown: 'The file does not say what it is',
  'not-found': 'Not in the library',
  'other-length': 'In the library with another length',
  'other-artist': 'In the library by somebody else',
  uncertain: 'Only the title is known',
  'no-answer': 'The server did not answer',
}

/** What the file says of an entry, in one line. */
export const entryText = ({ title, artist, location }: FileEntry): string =>
  title === undefined ? (location ?? 'Unnamed entry') : artist === undefined ? title : `${title}, ${artist}`
