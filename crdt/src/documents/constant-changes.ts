import type { DocumentKind } from './document-kind.ts'
import type { Documents } from './documents.ts'

/** A step from one version of a schema to the next: it changes a draft and reads nothing but what constant changes before it wrote. */
export type Migration = (draft: Record<string, unknown>) => void
/** The first value of a kind, and its migrations in order; the version after all of them is 1 + their number. */
export type SchemaHistory = {
  readonly first: Readonly<Record<string, unknown>>
  readonly migrations: readonly Migration[]
}

/** [MG1] The first value of each kind. It is never altered: later versions add a migration. */
const firstValues: { readonly [K in DocumentKind]: Documents[K] } = {
  root: { v: 1, seq: [], entries: {}, devices: {}, libraryShards: {}, history: {} },
  library: { v: 1, tracks: {}, releases: {}, artists: {} },
  playlist: { v: 1, seq: [], entries: {} },
  queue: { v: 1, seq: [], entries: {} },
  playback: { v: 1, tokens: {}, anchors: {} },
  history: { v: 1, plays: {} },
  settings: { v: 1, values: {} },
}

const migrations: Readonly<Record<DocumentKind, readonly Migration[]>> = {
  root: [],
  library: [],
  playlist: [],
  queue: [],
  playback: [],
  history: [],
  settings: [],
}

/** The constant first value of a kind, as a new object. */
export const initialValue = <K extends DocumentKind>(kind: K): Documents[K] => structuredCopy(firstValues[kind])

/** The schema version of each kind, in the headers of envelopes and in `v`. */
export const schemaVersion = (kind: DocumentKind): number => 1 + migrations[kind].length

/**
 * [MG1] [MG2] The constant changes with which a document of this kind begins, in order. The caller makes one Automerge change of each, with one fixed actor, time 0 and no
 * message; so every device makes the same bytes, and two that begin the same document while offline begin one document.
 */
export const constantChanges = (kind: DocumentKind): readonly Migration[] =>
  changesOf({ first: firstValues[kind], migrations: migrations[kind] })

/** [MG2] The constant changes of a schema history: the first writes the first value, each further one is a migration and raises `v` by one. */
export const changesOf = ({ first, migrations: steps }: SchemaHistory): Migration[] => [
  (draft) => void Object.assign(draft, structuredCopy(first)),
  ...steps.map((migrate, index): Migration => (draft) => {
    migrate(draft)
    draft['v'] = index + 2
  }),
]

/**
 * [MG2] The constant changes that a document at `version` lacks; undefined when it is newer than this program. They are made on a document that holds
 * constant changes only and are then merged into the real one: made there they would depend on its edits, and be different on every device.
 */
export const changesAfter = (history: SchemaHistory, version: number): Migration[] | undefined => {
  const changes = changesOf(history)
  return version > changes.length ? undefined : changes.slice(version)
}

/** Plain values of maps, lists and scalars. `structuredClone` is no part of the language. */
const structuredCopy = <T>(value: T): T => {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(structuredCopy) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, structuredCopy(each as unknown)])) as T
}
