import { parseByteRange } from '@tonestead/protocol/byte-range'

/** Status and headers of a response, and the bytes of the file that it holds; `end` is included. */
export type RangeReply = {
  readonly status: 200 | 206 | 416
  readonly headers: Readonly<Record<string, string>>
  readonly start: number
  readonly end: number
}

/** [ST1] [ST3] Exactly the requested bytes, never a redirect, never cached by the browser. */
export const rangeReply = (rangeHeader: string | undefined, lengthBytes: number): RangeReply => {
  const range = parseByteRange(rangeHeader, lengthBytes)
  const headers = { 'content-type': 'audio/mp4', 'accept-ranges': 'bytes', 'cache-control': 'no-store' }
  if (range.kind === 'unsatisfiable')
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${lengthBytes}` }, start: 0, end: -1 }
  if (range.kind === 'whole')
    return {
      status: 200,
      headers: { ...headers, 'content-length': String(lengthBytes) },
      start: 0,
      end: lengthBytes - 1,
    }
  const { start, end } = range
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${lengthBytes}`,
    },
    start,
    end,
  }
}
