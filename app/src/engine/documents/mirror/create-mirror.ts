import type { DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
import { applyToPlain } from '../plain-document.ts'
import { applyPatch, type DocumentPatch } from './document-patch.ts'
import type { PlainValue } from './plain-value.ts'
import { withSameParts } from './same-parts.ts'

/** Which state of a document: its leader, and a number that grows with every change of the document there. */
export type DocumentState = { readonly fence: number; readonly version: number }

/** A document in one tab: what the leader shows, and on top of it the edits of this tab that are not in it yet. */
export type Mirror<K extends DocumentKind> = {
  /** The whole document, as the leader has it. */
  readonly replace: (document: Documents[K], state: DocumentState) => void
  /** A change of it. False: it does not follow what is here, and the whole document is needed. */
  readonly patch: (patch: DocumentPatch | undefined, from: DocumentState, version: number) => boolean
  /** [DO4] Shows an edit at once. `number`: names it in `settle`. */
  readonly edit: (number: number, intent: Intents[K]) => void
  /** [DO4] The edit is answered: it is in the document from this state on, or it was refused. */
  readonly settle: (number: number, outcome: { readonly isKept: boolean; readonly state: DocumentState }) => void
  /** Undefined before the first `replace`. */
  readonly shown: () => Documents[K] | undefined
  /** Does it show an edit that is not in the document of the leader yet? */
  readonly hasWaiting: () => boolean
}

type Waiting<K extends DocumentKind> = {
  readonly number: number
  readonly intent: Intents[K]
  readonly keptAt: DocumentState | undefined
}

export const createMirror = <K extends DocumentKind>(kind: K): Mirror<K> => {
  let base: { readonly document: Documents[K]; readonly state: DocumentState } | undefined
  let waiting: readonly Waiting<K>[] = []
  let shown: Documents[K] | undefined

  const apply = (document: Documents[K], { intent }: Waiting<K>): Documents[K] =>
    sharing(document, applyToPlain(kind, document, intent).document)
  /** The document of the leader, then the edits on it. */
  const refresh = (): void => {
    if (base === undefined) return
    const { document, state } = base
    waiting = waiting.filter(({ keptAt }) => keptAt === undefined || !contains(state, keptAt))
    const next = waiting.reduce(apply, document)
    shown = shown === undefined ? next : sharing(shown, next)
  }

  return {
    replace: (document, state) => {
      base = { document: base === undefined ? document : sharing(base.document, document), state }
      refresh()
    },
    patch: (patch, from, version) => {
      if (base === undefined || base.state.fence !== from.fence || base.state.version !== from.version) return false
      const before = base.document as unknown as PlainValue
      const document = (patch === undefined ? before : applyPatch(before, patch)) as unknown as Documents[K]
      base = { document, state: { fence: from.fence, version } }
      refresh()
      return true
    },
    edit: (number, intent) => {
      const edit = { number, intent, keptAt: undefined }
      waiting = [...waiting, edit]
      if (shown !== undefined) shown = apply(shown, edit)
    },
    settle: (number, { isKept, state }) => {
      waiting = isKept
        ? waiting.map((edit) => (edit.number === number ? { ...edit, keptAt: state } : edit))
        : waiting.filter((edit) => edit.number !== number)
      refresh()
    },
    shown: () => shown,
    hasWaiting: () => waiting.length > 0,
  }
}

/** A later leader has read everything that an earlier one kept. */
const contains = (state: DocumentState, kept: DocumentState): boolean =>
  state.fence > kept.fence || (state.fence === kept.fence && state.version >= kept.version)

const sharing = <T>(before: T, next: T): T =>
  withSameParts(before as unknown as PlainValue, next as unknown as PlainValue) as unknown as T
