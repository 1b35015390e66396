import type { HttpClient, HttpReply } from '../../ports/http-client.ts'

/** HTTP by fetch. No response within the limit counts as unreachable. */
export const createFetchHttpClient = (network: { readonly fetch: typeof fetch }, limitMs = 20_000): HttpClient => ({
  send: async ({ method, path, headers, body, priority, signal }) => {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new DOMException('no response in time', 'TimeoutError')), limitMs)
    try {
      const response = await network.fetch(path, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(priority === undefined ? {} : { priority }),
        signal: AbortSignal.any([signal, late.signal]),
        credentials: 'omit',
        redirect: 'error',
        cache: 'no-store',
      })
      return replyOf(response)
    } catch {
      // No network is an expected outcome; the caller gets it as a value.
      signal.throwIfAborted()
      return { kind: 'unreachable' }
    } finally {
      // The limit is for the response headers: event streams last for hours.
      clearTimeout(timer)
    }
  },
})

const replyOf = (response: Response): HttpReply => ({
  kind: 'reply',
  status: response.status,
  header: (name) => response.headers.get(name) ?? undefined,
  text: () => response.text(),
  bytes: async () => new Uint8Array(await response.arrayBuffer()),
  lines: () => linesOf(response),
})

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) return
    const lines = (rest + value).split(/\r\n|\n|\r/)
    rest = lines.pop() ?? ''
    yield* lines
  }
}
