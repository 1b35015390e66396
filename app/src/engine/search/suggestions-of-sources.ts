import type { Suggestion } from '@tonestead/search-index/answer'
import { createCell, type Cell } from '../cell.ts'
import type { Readable } from '../readable.ts'
import { mostSuggestions } from './device-index.ts'

/** The suggestions of the sources as one list. */
export type SourceSuggestions = {
  readonly view: Readable<readonly Suggestion[]>
  readonly catalog: Cell<readonly Suggestion[]>
  readonly own: Cell<readonly Suggestion[]>
  /** Keeps those that still complete the text after more of it was typed. */
  readonly narrow: (text: string) => void
  readonly clear: () => void
}

/** [OS8] Those of the account's own come first; they are few. No text comes twice. */
export const createSourceSuggestions = (): SourceSuggestions => {
  const view = createCell<readonly Suggestion[]>([])
  const catalog = createCell<readonly Suggestion[]>([])
  const own = createCell<readonly Suggestion[]>([])
  const update = (): void => view.set(joined(own.get(), catalog.get()))
  catalog.subscribe(update)
  own.subscribe(update)
  const change = (make: (before: readonly Suggestion[]) => readonly Suggestion[]): void => {
    catalog.set(make(catalog.get()))
    own.set(make(own.get()))
  }
  return {
    view,
    catalog,
    own,
    narrow: (text) => change((before) => stillMatching(before, text)),
    clear: () => change(() => []),
  }
}

const joined = (own: readonly Suggestion[], catalog: readonly Suggestion[]): readonly Suggestion[] => {
  const texts = new Set(own.map(({ text }) => text.toLowerCase()))
  return [...own, ...catalog.filter(({ text }) => !texts.has(text.toLowerCase()))].slice(0, mostSuggestions)
}

const stillMatching = (before: readonly Suggestion[], text: string): readonly Suggestion[] => {
  const typed = text.toLowerCase()
  return before
    .filter((suggestion) => suggestion.text.length > typed.length && suggestion.text.toLowerCase().startsWith(typed))
    .map((suggestion) => ({ text: suggestion.text, typed: text.length }))
}
