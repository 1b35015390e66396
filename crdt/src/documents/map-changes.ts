import { optionalTextOf, type DraftTools, type Text } from './document-text.ts'
import { fitsOneChange } from './intent-size.ts'
import { outcomeOf, refused, type Outcome } from './intent-outcome.ts'
import { textFormats, type TextFormat } from './text-formats.ts'

/** A map of texts in a document. */
export type TextMap = { [key: string]: Text }
/** What a map takes. */
export type MapRules = { readonly key: TextFormat; readonly value: TextFormat; readonly maxKeys: number }

/** The text at a key; undefined when there is none. */
export const textAt = (map: TextMap, key: string): string | undefined =>
  Object.hasOwn(map, key) ? optionalTextOf(map[key]) : undefined

/** Reads a map of texts. What cannot be read is left out. */
export const readMap = <T>(map: TextMap, read: (text: string) => T | undefined): Map<string, T> => {
  const values = new Map<string, T>()
  for (const [key, text] of Object.entries(map)) {
    const value = read(optionalTextOf(text) ?? '')
    if (value !== undefined) values.set(key, value)
  }
  return values
}

type MapChange = {
  readonly map: TextMap
  readonly before: TextMap | undefined
  readonly tools: Pick<DraftTools<never>, 'immutable'>
}

/**
 * [MP1] Puts texts into a map of a draft. `isChanged` says whether a text replaces the one that is there; without it, what is there stays.
 * `before`: the same map before the change, if it is known.
 */
export const putTexts = (
  { map, before = map, tools }: MapChange,
  texts: ReadonlyMap<string, string>,
  rules: MapRules & { readonly isChanged?: (present: string, text: string) => boolean },
): Outcome => {
  const entries = [...texts]
  if (!entries.every(([key, text]) => textFormats[rules.key](key) && textFormats[rules.value](text)))
    return refused('value-not-permitted')
  if (
    !fitsOneChange(
      entries.length,
      entries.map(([, text]) => text),
    )
  )
    return refused('intent-too-large')
  const changed = entries.filter(([key, text]) => {
    const present = textAt(before, key)
    return present === undefined || (present !== text && (rules.isChanged?.(present, text) ?? false))
  })
  const added = changed.filter(([key]) => !Object.hasOwn(before, key)).length
  if (added > 0 && Object.keys(before).length + added > rules.maxKeys) return refused('document-full')
  for (const [key, text] of changed) map[key] = tools.immutable(text)
  return outcomeOf(changed.length)
}

/** [MP1] Removes keys of a map of a draft. */
export const deleteKeys = (map: { [key: string]: unknown }, keys: readonly string[]): Outcome => {
  if (!fitsOneChange(keys.length)) return refused('intent-too-large')
  const present = [...new Set(keys)].filter((key) => Object.hasOwn(map, key))
  for (const key of present) delete map[key]
  return outcomeOf(present.length)
}
