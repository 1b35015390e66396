import type { HistoryChange } from '../../engine/listening/history.ts'

type Fault = Extract<HistoryChange, { kind: 'not-changed' }>['reason']

const texts: Readonly<Record<Fault, string>> = {
  'not-supported': 'This browser keeps no history: it has no IndexedDB or no WebAssembly, or refuses them.',
  'storage-failed': 'The history could not be read or written. This device may have no free space.',
  'not-begun': 'The history begins as soon as the server was reached for the first time with this version.',
  'read-only': 'The history was changed by a newer version. Reload the page, then try again.',
  refused: 'The history could not be changed.',
}

/** Why the history is not shown or changed, and what to do. */
export const historyFaultText = (reason: Fault): string => texts[reason]
