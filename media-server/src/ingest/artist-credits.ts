import type { NamedCredit } from '../ports/source-facts.ts'

export type CreditSource = {
  readonly line: string | undefined
  readonly names: readonly string[]
  readonly musicBrainzIds: readonly string[]
}

const maxCredits = 32
/** Text that always separates two artists. A comma, "&" or "/" does not: it may belong to a name ("Earth, Wind & Fire", "AC/DC"). */
const separator = /\s*;\s*|\s+(?:feat\.?|ft\.?|featuring)\s+|\s+(?:\(|\[)(?:feat\.?|ft\.?|featuring)\s+/i

/** Artists in order with the text between them: "A feat. B" becomes A + " feat. " and B. */
export const readCredits = ({ line, names, musicBrainzIds }: CreditSource): readonly NamedCredit[] => {
  const listed =
    names.length > 1
      ? (joinsFromLine(line, names) ?? names.map((name, index) => ({ name, join: joinBetween(index, names.length) })))
      : splitLine(line ?? names[0] ?? '')
  const credits = listed.filter((credit) => credit.name !== '').slice(0, maxCredits)
  const hasAllIds = musicBrainzIds.length === credits.length
  return credits.map((credit, index) => ({
    ...credit,
    join: index === credits.length - 1 ? '' : credit.join,
    musicBrainzId: hasAllIds ? musicBrainzIds[index] : undefined,
  }))
}

const joinBetween = (index: number, count: number): string =>
  index === count - 1 ? '' : index === count - 2 ? ' & ' : ', '

/** When the line contains the names in their order, the text between them is what the release itself prints. */
const joinsFromLine = (
  line: string | undefined,
  names: readonly string[],
): { name: string; join: string }[] | undefined => {
  if (line === undefined) return undefined
  const starts: number[] = []
  for (const name of names) {
    const previous = starts.length === 0 ? 0 : (starts.at(-1) ?? 0) + (names[starts.length - 1]?.length ?? 0)
    const at = line.indexOf(name, previous)
    if (at < 0) return undefined
    starts.push(at)
  }
  return names.map((name, index) => ({
    name,
    join: betweenNames(line.slice((starts[index] ?? 0) + name.length, starts[index + 1] ?? line.length)),
  }))
}

const betweenNames = (text: string): string => (/^\s*;\s*$/.test(text) || text.length > 30 ? ', ' : text)

const splitLine = (line: string): { name: string; join: string }[] => {
  const credits: { name: string; join: string }[] = []
  for (let rest = line; rest !== '';) {
    const found = separator.exec(rest)
    const name = (found === null ? rest : rest.slice(0, found.index)).trim()
    const isBracketed = found !== null && /[([]/.test(found[0])
    rest = found === null ? '' : rest.slice(found.index + found[0].length)
    if (isBracketed) rest = rest.replace(/[)\]]/, '')
    credits.push({ name, join: found === null ? '' : found[0].includes(';') ? ', ' : ' feat. ' })
  }
  return credits
}
