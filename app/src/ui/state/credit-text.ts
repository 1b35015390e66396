export type CreditLine = readonly { readonly id: string; readonly name: string; readonly join: string }[]

/** The names with their joining words, as the release prints them. */
export const creditText = (credits: CreditLine): string => credits.map(({ name, join }) => name + join).join('')
