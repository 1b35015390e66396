import { entryCostBytes, maxIntentBytes, maxIntentEntries } from './document-limits.ts'

/** [IN3] Whether an intent brings no more than one change may: entries, ids or slots, and bytes of their packed values. */
export const fitsOneChange = (entries: number, texts: readonly string[] = []): boolean =>
  entries <= maxIntentEntries && sizeOf(entries, texts) <= maxIntentBytes

const sizeOf = (entries: number, texts: readonly string[]): number =>
  texts.reduce((bytes, text) => bytes + utf8Bytes(text), entries * entryCostBytes)

/** What an entry with this packed value adds to a change, in bytes; an estimate from above. */
export const entryCost = (text: string): number => sizeOf(1, [text])

/** [IN3] Cuts a list into parts of which each fits one change. */
export const partsOf = <T>(items: readonly T[], costOf: (item: T) => number): T[][] => {
  const parts: T[][] = []
  let cost = 0
  for (const item of items) {
    const part = parts.at(-1)
    if (part === undefined || part.length === maxIntentEntries || cost + costOf(item) > maxIntentBytes) {
      parts.push([item])
      cost = costOf(item)
    } else {
      part.push(item)
      cost += costOf(item)
    }
  }
  return parts
}

/** Bytes of a text in UTF-8. */
const utf8Bytes = (text: string): number => {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    // Of a pair of surrogates each half counts for two of the four bytes.
    if (unit >= 0x800) bytes += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2
    else if (unit >= 0x80) bytes += 1
  }
  return bytes
}
