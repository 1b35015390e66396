import vectors from './vectors.json' with { type: 'json' }

const known: ReadonlyMap<string, string> = new Map(Object.entries(vectors))

/** A vector of vectors.json; throws for a name that is not there. */
export const vector = (name: string): string => {
  const value = known.get(name)
  if (value === undefined) throw new Error(`vectors.json has no ${name}`)
  return value
}
