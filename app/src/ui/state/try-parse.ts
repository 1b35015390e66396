/** For ids from an address or a search result: undefined when the text is not a valid id. */
export const tryParse = <T>(parse: (text: string) => T, text: string): T | undefined => {
  try {
    return parse(text)
  } catch {
    // The parsers of crdt/ids throw on invalid text; here that is an expected outcome.
    return undefined
  }
}
