import type { LibraryDocument, LibrarySection, Saved } from '@tonestead/crdt/library/library-document'
import { savedIn } from '@tonestead/crdt/library/library-document'
import { creditLine } from '@tonestead/crdt/tracks/track-reference'

export type SavedSort = 'name' | 'recent'
/** A saved thing with its key, and the text in which a filter searches. */
export type SavedItem<S extends LibrarySection> = {
  readonly key: string
  readonly saved: Saved[S] extends ReadonlyMap<string, infer T> ? T : never
  readonly searched: string
}

/** [SV6] What is saved in one section, in order. */
export const listSaved = <S extends LibrarySection>(
  shards: readonly LibraryDocument[],
  section: S,
  sort: SavedSort,
): readonly SavedItem<S>[] => {
  const named = [...(savedIn(shards)[section] as ReadonlyMap<string, AnySaved>)].map(([key, saved]) => ({
    key,
    saved,
    title: titleOf(saved),
    searched: folded(textsOf(saved).join(' ')),
  }))
  return named.toSorted((a, b) => compare(a, b, sort)) as unknown as readonly SavedItem<S>[]
}

/** [SV6] The items that hold every word of the text, without regard to case and marks. An empty text finds all. */
export const filterSaved = <S extends LibrarySection>(
  items: readonly SavedItem<S>[],
  text: string,
): readonly SavedItem<S>[] => {
  const words = folded(text)
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.length === 0 ? items : items.filter(({ searched }) => words.every((word) => searched.includes(word)))
}

type AnySaved = Saved[LibrarySection] extends ReadonlyMap<string, infer T> ? T : never
type Named = { readonly key: string; readonly saved: AnySaved; readonly title: string }

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

/** By title, or what was saved last first; equal ones by key, so that every device shows the same order. */
const compare = (a: Named, b: Named, sort: SavedSort): number => {
  const order = sort === 'recent' ? b.saved.savedAt - a.saved.savedAt : collator.compare(a.title, b.title)
  return order === 0 ? (a.key < b.key ? -1 : 1) : order
}

const titleOf = (saved: AnySaved): string => {
  if ('track' in saved) return saved.track.title
  return 'name' in saved ? saved.name : saved.title
}

const textsOf = (saved: AnySaved): readonly string[] => {
  if ('track' in saved) return [saved.track.title, creditLine(saved.track.credits), saved.track.release.title]
  return 'name' in saved ? [saved.name] : [saved.title, creditLine(saved.credits)]
}

/** Lower case, without marks. */
const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
