import { fileLimits } from '../playlist-file.ts'

/** What a reader of XML is told, in order. Names are without prefix; attributes are not told. */
export type XmlEvents = {
  readonly onOpen: (name: string) => void
  readonly onText: (text: string) => void
  readonly onClose: (name: string) => void
}
/** `doctype`: a document type could declare entities, so it is refused. */
export type XmlFault = 'broken' | 'too-complex' | 'doctype'

type Cursor = { readonly source: string; at: number; readonly open: string[]; elements: number }

/**
 * [PF5] Reads XML once from start to end, without a tree, and in a time that grows with its length. It knows elements, text, CDATA, comments and
 * processing instructions, and the five named entities; there is no document type, so nothing is declared and nothing is fetched.
 */
export const readXml = (source: string, events: XmlEvents): XmlFault | undefined => {
  const cursor: Cursor = { source, at: 0, open: [], elements: 0 }
  while (cursor.at < source.length) {
    const next = source.indexOf('<', cursor.at)
    const text = source.slice(cursor.at, next < 0 ? source.length : next)
    if (cursor.open.length > 0) events.onText(decodeEntities(text))
    else if (text.trim() !== '') return 'broken'
    if (next < 0) break
    cursor.at = next
    const fault = readMarkup(cursor, events)
    if (fault !== undefined) return fault
  }
  return cursor.open.length === 0 && cursor.elements > 0 ? undefined : 'broken'
}

const readMarkup = (cursor: Cursor, events: XmlEvents): XmlFault | undefined => {
  const { source, at } = cursor
  if (source.startsWith('<!--', at)) return skipTo(cursor, '-->', 4) === undefined ? 'broken' : undefined
  if (source.startsWith('<?', at)) return skipTo(cursor, '?>', 2) === undefined ? 'broken' : undefined
  if (source.startsWith('<![CDATA[', at)) {
    const text = cursor.open.length === 0 ? undefined : skipTo(cursor, ']]>', 9)
    if (text !== undefined) events.onText(text)
    return text === undefined ? 'broken' : undefined
  }
  if (source.startsWith('<!', at)) return 'doctype'
  return source.startsWith('</', at) ? readClose(cursor, events) : readOpen(cursor, events)
}

/** Moves behind `end`, and returns what is between; undefined when there is no end. */
const skipTo = (cursor: Cursor, end: string, startUnits: number): string | undefined => {
  const found = cursor.source.indexOf(end, cursor.at + startUnits)
  if (found < 0) return undefined
  const between = cursor.source.slice(cursor.at + startUnits, found)
  cursor.at = found + end.length
  return between
}

const readClose = (cursor: Cursor, { onClose }: XmlEvents): XmlFault | undefined => {
  const name = skipTo(cursor, '>', 2)?.trimEnd()
  if (name === undefined || cursor.open.pop() !== name) return 'broken'
  onClose(localOf(name))
  return undefined
}

const readOpen = (cursor: Cursor, { onOpen, onClose }: XmlEvents): XmlFault | undefined => {
  const name = match(cursor, /<([^\s/<>="'&!?]{1,100})/y)?.[1]
  if (name === undefined || (cursor.open.length === 0 && cursor.elements > 0)) return 'broken'
  while (match(cursor, /\s+[^\s/<>="'&]+\s*=\s*(?:"[^"<]*"|'[^'<]*')/y) !== undefined);
  const end = match(cursor, /\s*(\/?)>/y)
  if (end === undefined) return 'broken'
  cursor.elements += 1
  if (cursor.open.length >= fileLimits.depth || cursor.elements > fileLimits.elements) return 'too-complex'
  onOpen(localOf(name))
  if (end[1] === '/') onClose(localOf(name))
  else cursor.open.push(name)
  return undefined
}

const match = (cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined => {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.source) ?? undefined
  if (found !== undefined) cursor.at = pattern.lastIndex
  return found
}

const localOf = (name: string): string => name.slice(name.indexOf(':') + 1)

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** An ampersand that begins no entity stays, as people write them by hand. */
const decodeEntities = (text: string): string =>
  text.replaceAll(/&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);/g, (entity) => {
    if (/^&#[xX]/.test(entity)) return characterOf(parseInt(entity.slice(3), 16))
    return entity.startsWith('&#') ? characterOf(parseInt(entity.slice(2), 10)) : (named[entity.slice(1, -1)] ?? '')
  })

const characterOf = (code: number): string =>
  code > 0x10_ff_ff || (code >= 0xd800 && code <= 0xdfff) ? '\u{fffd}' : String.fromCodePoint(code)
