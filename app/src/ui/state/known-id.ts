/** An id from an address or a search result; undefined when it cannot be one. */
export const knownId = <T>(parse: (text: string) => T, text: string): T | undefined => {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
