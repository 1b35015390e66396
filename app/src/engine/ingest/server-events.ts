/** An event of a text/event-stream. */
export type ServerEvent = { readonly event: string; readonly data: string }

/** Parses the lines of a text/event-stream (HTML, 9.2.6). Comments, ids and retry times are ignored. */
export async function* readServerEvents(lines: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let event = 'message'
  let data: string[] = []
  for await (const line of lines) {
    if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n') }
      event = 'message'
      data = []
      continue
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
  }
}
