import { aliasTexts, type KindTable, type Segment } from '../segment/segment.ts'

/** A range of word numbers in an array; end exclusive. */
export type Span = { words: Uint32Array; start: number; end: number }

/** The words of the document that was opened last. One object is reused for all documents of a segment. */
export type DocumentSpans = {
  readonly title: Span
  readonly credit: Span
  /** Empty if the document is on no release. */
  readonly release: Span
  titleText: number
  creditLine: number
  /** Text numbers. `alias` gives the words of one, valid until its next call. */
  aliases: Uint32Array
  readonly alias: (text: number) => Span
  readonly open: (table: KindTable, document: number) => void
  readonly all: () => readonly Span[]
}

export const createDocumentSpans = (segment: Segment): DocumentSpans => {
  const { arrays, textWordsAt, creditWordsAt } = segment
  const textSpan = (): Span => ({ words: arrays.texts.words, start: 0, end: 0 })
  const alias = textSpan()
  const setText = (span: Span, text: number): Span => {
    span.start = textWordsAt[text] ?? 0
    span.end = textWordsAt[text + 1] ?? 0
    return span
  }
  const openRelease = (release: number): void => {
    if (release === 0) spans.release.end = spans.release.start
    else setText(spans.release, arrays.releases.titles[release - 1] ?? 0)
  }
  const open = (table: KindTable, document: number): void => {
    spans.titleText = table.titles[document] ?? 0
    spans.creditLine = table.credits[document] ?? 0
    spans.aliases = aliasTexts(segment, table.aliases[document] ?? 0)
    setText(spans.title, spans.titleText)
    spans.credit.start = creditWordsAt[spans.creditLine] ?? 0
    spans.credit.end = creditWordsAt[spans.creditLine + 1] ?? 0
    openRelease(table.releases[document] ?? 0)
  }
  const spans: DocumentSpans = {
    title: textSpan(),
    credit: { words: arrays.credits.words, start: 0, end: 0 },
    release: textSpan(),
    titleText: 0,
    creditLine: 0,
    aliases: new Uint32Array(),
    alias: (text) => setText(alias, text),
    open,
    all: () => [
      spans.title,
      spans.credit,
      spans.release,
      ...Array.from(spans.aliases, (text) => setText(textSpan(), text)),
    ],
  }
  return spans
}
