// Makes texts of errors fit to be copied into a public bug report. Browsers and libraries put URLs, quoted values and input into their messages.

/** The fixed segments of the routes of the server and of the page. Every other segment may be an id, a name or a token. */
const routeSegments = new Set(
  (
    'api server sessions claims search suggestions changes snapshot events plays licenses releases release artists artist tracks track ' +
    'recordings manifest ingest scans chunks covers hls hls-links stream uploads upload import library settings queue problems'
  ).split(' '),
)
const url = /(?<![A-Za-z0-9+/=_-])(?:\b[a-z][a-z0-9+.-]*:)?\/{1,2}\S+/gi
const fromFirstQuote = /["'`“”‘’«»„‹›].*$/s
/** Base64, base64url, hex, base32 and UUIDs; words of our own joined by hyphens stay. */
const longRun = /[A-Za-z0-9+/=_-]{16,}/g
const hyphenatedWords = /^[a-z]{1,14}(-[a-z]{1,14})+$/

const mostCharacters = 200

/** Cuts the text at its first quotation mark, cuts URLs to their route, and removes long runs of letters and digits. */
export const redactText = (text: string): string =>
  text
    // To the end: a quoted title may hold quotation marks, an apostrophe looks like one, and browsers cut quoted input before its last mark.
    .replace(fromFirstQuote, '…')
    .replace(url, routeOf)
    .replace(longRun, (run) => (hyphenatedWords.test(run) || run.startsWith('/') ? run : '…'))
    .slice(0, mostCharacters)

const routeOf = (address: string): string => {
  const path = address.replace(/^[a-z][a-z0-9+.-]*:/i, '').replace(/^\/\/[^/]*/, '')
  const segments = path
    .replace(/[?#].*$/s, '')
    .split('/')
    .slice(1)
  return `/${segments.map((segment) => (routeSegments.has(segment) ? segment : '…')).join('/')}`
}

const word = /^[a-z0-9][a-z0-9.-]{0,31}$/

/** Strings in fields are words of our own, such as `not-ready`; anything else is removed. */
export const redactField = (value: number | boolean | string): number | boolean | string =>
  typeof value !== 'string' || (word.test(value) && redactText(value) === value) ? value : '…'

const mostCauses = 3
const errorName = /^[A-Z][A-Za-z]{0,40}$/

/** Name, code and redacted message of an error and of its causes. */
export const errorText = (error: unknown): string => {
  const parts: string[] = []
  for (let each = error; each !== undefined && each !== null && parts.length < mostCauses; each = causeOf(each))
    parts.push(each instanceof Error ? `${labelOf(each)}: ${redactText(each.message)}` : typeof each)
  return parts.join(' ← ')
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined)

const labelOf = (error: Error): string => {
  const { code } = error as { code?: unknown }
  const hasCode = (typeof code === 'string' || typeof code === 'number') && code !== 0
  return (errorName.test(error.name) ? error.name : 'Error') + (hasCode ? ` (${redactField(code)})` : '')
}
