import type { Bytes } from '@tonestead/protocol/bytes'

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query on our own origin. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** low: behind everything that somebody waits for. */
  readonly priority?: 'low' | undefined
  readonly signal: AbortSignal
}

export type HttpReply = {
  readonly kind: 'reply'
  readonly status: number
  /** undefined when absent. */
  header(name: string): string | undefined
  text(): Promise<string>
  bytes(): Promise<Bytes>
  /** The body as it comes, cut at line ends; ends with the connection. */
  lines(): AsyncIterable<string>
}

/** Requests to the media server. No answer is a value; only the signal's abort rejects, and it cancels the request. */
export type HttpClient = { send(request: HttpRequest): Promise<HttpReply | { readonly kind: 'unreachable' }> }
