/** Gives each text a number from 0, so that texts that are repeated often are kept once. */
export type TextNumbers = {
  /** A new text gets the next number. */
  readonly numberOf: (text: string) => number
  readonly find: (text: string) => number | undefined
  /** Empty for a number that was not given. */
  readonly textOf: (number: number) => string
}

export const createTextNumbers = (): TextNumbers => {
  const texts: string[] = []
  const numbers = new Map<string, number>()
  return {
    numberOf: (text) => {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, texts.length)
      return texts.push(text) - 1
    },
    find: (text) => numbers.get(text),
    textOf: (number) => texts[number] ?? '',
  }
}
