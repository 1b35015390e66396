import type { CreditName, SearchDocument } from '@tonestead/search-index/document'

/**
 * Lets documents that say the same share it: the tracks of a release have its picture, its title and mostly its credits. What came over a channel is a
 * copy for each, and of a million tracks that is more than all the rest.
 */
export const createPartSharing = (): ((document: SearchDocument) => SearchDocument) => {
  const images = new Map<string, string>()
  const releases = new Map<string, NonNullable<SearchDocument['release']>>()
  const credits = new Map<string, readonly CreditName[]>()
  return (document) => {
    const { image, release } = document
    return {
      ...document,
      credits: shared(credits, document.credits.map(({ id, name, join }) => `${id}${name}${join}`).join(), document.credits),
      ...(image === undefined ? {} : { image: shared(images, image, image) }),
      ...(release === undefined ? {} : { release: shared(releases, `${release.id}${release.title}`, release) }),
    }
  }
}

const shared = <T>(known: Map<string, T>, key: string, value: T): T => {
  const first = known.get(key)
  if (first !== undefined) return first
  known.set(key, value)
  return value
}
