import { applyChanges, clone, getMissingDeps, init, type Doc } from '@automerge/automerge/slim'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import { readTrustedChanges } from '../change-check/decode-change.ts'
import {
  createDocumentIndex,
  type DocumentIndex,
  type EnvelopeRecord,
} from '../change-check/operation-index/document-index.ts'
import { createChangeCheck } from '../change-check/create-change-check.ts'
import { changeLimits } from '../change-check/change-limits.ts'
import type { ChangeCheck } from '../change-check/change-check.ts'
import type { DocumentRules } from './document-rules.ts'

/** An Automerge document of a kind that only the domain knows. */
export type AnyDocument = Doc<Record<string, unknown>>

export type DocumentState = {
  readonly id: DocumentId
  readonly name: string
  readonly rules: DocumentRules
  readonly check: ChangeCheck
  /** The accepted changes, for the checks of later ones. */
  index: DocumentIndex
  /** Everything that counts; undefined before the first envelope or edit, and when it must be made again. */
  document: AnyDocument | undefined
  /** The actor that `document` writes as; undefined for one that must not be written on. */
  actor: string | undefined
  /** Envelopes that `document` contains, and those that come next. */
  readonly applied: Set<ItemId>
  next: ItemId[]
  /** Entries that envelopes of the log have made. */
  readonly entriesSeen: Set<string>
  /** What `show` gives: as of the last turn that was committed, with waiting intents. */
  shown: AnyDocument | undefined
  /** What `shown` was made of: the document, and the numbers of the waiting intents on it. */
  shownFrom: { readonly document: AnyDocument | undefined; readonly todo: readonly number[] } | undefined
}

type Identity = Pick<DocumentState, 'id' | 'name' | 'rules'>

/** `restored`: what was accepted at an earlier start. The index is made of it when it is needed. */
export const createDocumentState = (
  { id, name, rules }: Identity,
  restored?: { readonly records: () => readonly EnvelopeRecord[]; readonly entries: () => readonly string[] },
): DocumentState => {
  let index: DocumentIndex | undefined
  let entriesSeen: Set<string> | undefined
  const first = { envelope: undefined, changes: readTrustedChanges(rules.beginning) }
  return {
    id,
    name,
    rules,
    check: createChangeCheck({ permits: rules.permits, limits: changeLimits }),
    get index() {
      return (index ??= createDocumentIndex([first, ...(restored?.records() ?? [])]))
    },
    set index(value) {
      index = value
    },
    document: undefined,
    actor: undefined,
    applied: new Set(),
    next: [],
    get entriesSeen() {
      return (entriesSeen ??= new Set(restored?.entries()))
    },
    shown: undefined,
    shownFrom: undefined,
  }
}

/** The actor of whom only reads: constant, so that it never names a change. */
export const readingActor = 'ff'.repeat(16)

/**
 * [RP9] Adds the changes in one batch: one by one costs eleven times as much. `changes` are complete: everything they build on is in the document or among
 * them. Throws when it is not so, which the checks before exclude.
 */
export const applyToDocument = (state: DocumentState, changes: readonly Bytes[]): void => {
  const before = state.document ?? newDocument(state)
  const [after] = applyChanges(before, [...changes])
  state.document = after
  if (getMissingDeps(after, []).length > 0) throw new Error('a checked change builds on one that is missing')
}

/** The document as it begins: its constant changes. */
const newDocument = ({ rules }: DocumentState): AnyDocument =>
  applyChanges(init<Record<string, unknown>>({ actor: readingActor }), [...rules.beginning])[0]

/** The document as it is, also one of which nothing is here yet. */
export const documentToRead = (state: DocumentState): AnyDocument => state.document ?? newDocument(state)

/** The document, ready for a change of this actor. */
export const documentOfActor = (state: DocumentState, actor: string): AnyDocument => {
  const document = state.document ?? newDocument(state)
  if (state.document !== undefined && state.actor === actor) return document
  state.document = clone(document, { actor })
  state.actor = actor
  return state.document
}

/** [RP14] What must be made again begins anew: a rebuilt document replaces the old one. */
export const forgetDocument = (state: DocumentState): void => {
  state.document = undefined
  state.actor = undefined
  state.applied.clear()
  state.next = []
}
