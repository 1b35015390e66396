import type { Bytes } from '@tonestead/protocol/bytes'

/** A request to the server of this origin. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** low: after everything that a person waits for. */
  readonly priority?: 'low' | undefined
  readonly signal: AbortSignal
}

/** The response. */
export type HttpReply = {
  readonly kind: 'reply'
  readonly status: number
  /** undefined: there is no such header. */
  header(name: string): string | undefined
  text(): Promise<string>
  bytes(): Promise<Bytes>
  /** The lines of the body as they arrive, until the connection ends. */
  lines(): AsyncIterable<string>
}

/** Requests to the media server. No response is a value, not a rejection. Only an abort of the signal rejects, and cancels the request. */
export type HttpClient = { send(request: HttpRequest): Promise<HttpReply | { readonly kind: 'unreachable' }> }
