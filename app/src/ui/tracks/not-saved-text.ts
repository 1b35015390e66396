import type { NotChanged } from '../../engine/saved/saved-music.ts'

const texts: Readonly<Record<NotChanged, string>> = {
  'not-supported': 'This browser keeps no saved music: it has no IndexedDB or no WebAssembly, or refuses them.',
  'storage-failed': 'The saved music could not be read or written. This device may have no free space.',
  'not-begun': 'Saving works as soon as the server was reached for the first time with this version.',
  'server-unknown': 'Saving works as soon as the server was reached for the first time.',
  'read-only': 'The saved music was changed by a newer version. Reload the page, then try again.',
  full: 'Your saved music has no room for more. Remove something that you no longer want.',
  refused: 'This could not be saved.',
}

/** Why something was not saved or removed, and what to do. */
export const notSavedText = (reason: NotChanged): string => texts[reason]
