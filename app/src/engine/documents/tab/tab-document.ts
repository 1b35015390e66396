import type { DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
import { createCell } from '../../cell.ts'
import type { Readable } from '../../readable.ts'
import type { DocumentsFault, DocumentView } from '../documents.ts'
import type { ToTab } from '../messages/document-messages.ts'
import { createMirror, type DocumentState } from '../mirror/create-mirror.ts'

type OfDocument = Extract<ToTab, { kind: 'document' | 'patch' | 'unavailable' }>

/** A document as one tab shows it. */
export type TabDocument<K extends DocumentKind> = {
  readonly view: Readable<DocumentView<K>>
  readonly isListenedTo: () => boolean
  /** False: the whole document must be asked for again. */
  readonly receive: (message: OfDocument) => boolean
  readonly fail: (reason: DocumentsFault) => void
  readonly edit: (number: number, intent: Intents[K]) => void
  readonly settle: (number: number, outcome: { readonly isKept: boolean; readonly state: DocumentState }) => void
}

/** `onWatched`: the first listener came, or the last one went. */
export const createTabDocument = <K extends DocumentKind>(
  kind: K,
  onWatched: (isWatched: boolean) => void,
): TabDocument<K> => {
  const mirror = createMirror(kind)
  let facts = { isKnown: false, isReadOnly: false }
  let listeners = 0
  const view = createCell<DocumentView<K>>({ kind: 'loading' }, (count) => {
    const wasWatched = listeners > 0
    listeners = count
    if (wasWatched !== count > 0) onWatched(count > 0)
  })

  const show = (): void => {
    const document = mirror.shown()
    if (document === undefined) return
    const isKnown = facts.isKnown || mirror.hasWaiting()
    const { isReadOnly } = facts
    const before = view.get()
    const isSame =
      before.kind === 'open' &&
      before.document === document &&
      before.isKnown === isKnown &&
      before.isReadOnly === isReadOnly
    if (!isSame) view.set({ kind: 'open', document, isKnown, isReadOnly })
  }
  const fail = (reason: DocumentsFault): void => view.set({ kind: 'unavailable', reason })
  return {
    view,
    fail,
    isListenedTo: () => listeners > 0,
    receive: (message) => {
      if (message.kind === 'unavailable') {
        fail(message.reason)
        return true
      }
      const { fence, version, isKnown, isReadOnly } = message
      if (message.kind === 'document') mirror.replace(message.document as unknown as Documents[K], { fence, version })
      else if (!mirror.patch(message.patch, { fence, version: message.from }, version)) return false
      facts = { isKnown, isReadOnly }
      show()
      return true
    },
    edit: (number, intent) => {
      mirror.edit(number, intent)
      show()
    },
    settle: (number, outcome) => {
      mirror.settle(number, outcome)
      show()
    },
  }
}
