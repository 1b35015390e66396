import type { IncomingMessage, ServerResponse } from 'node:http'
import { commonHeaders, documentHeaders } from './security-headers.ts'

/** A built file, plain and compressed. */
type ShellFile = {
  readonly contentType: string
  readonly etag: string
  readonly plain: Uint8Array
  readonly br: Uint8Array | undefined
  readonly gzip: Uint8Array | undefined
}
/** The built app: files by path, `/index.html` among them. */
export type AppShell = { file(path: string): ShellFile | undefined }

/** Vite puts a hash of the content into these names. */
const isHashed = (path: string): boolean => path.startsWith('/assets/')

/** Answers requests for the app. Returns false when the request is for something else. Unknown paths that a person opens get `index.html`, whose router handles them. */
export const serveShell = (
  shell: AppShell | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): boolean => {
  if (shell === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false
  const path = decodePath(request.url ?? '/')
  if (path === undefined) return false
  const named = shell.file(path === '/' ? '/index.html' : path)
  const file = named ?? (wantsPage(request, path) ? shell.file('/index.html') : undefined)
  if (file === undefined) return false
  sendFile({ request, response, file, isImmutable: named !== undefined && isHashed(path) })
  return true
}

type Sending = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly file: ShellFile
  readonly isImmutable: boolean
}

const sendFile = ({ request, response, file, isImmutable }: Sending): void => {
  const encoding = chooseEncoding(request.headers['accept-encoding'], file)
  const body = encoding === undefined ? file.plain : (file[encoding] ?? file.plain)
  const headers = {
    ...commonHeaders,
    ...documentHeaders,
    'content-type': file.contentType,
    'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding, accept',
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  }
  if (request.headers['if-none-match'] === file.etag) response.writeHead(304, headers).end()
  else
    response
      .writeHead(200, { ...headers, 'content-length': String(body.length) })
      .end(request.method === 'HEAD' ? undefined : body)
}

const decodePath = (url: string): string | undefined => {
  try {
    return decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '/')
  } catch {
    // Expected for malformed percent-encoding: no file has such a path.
    return undefined
  }
}

const serverPaths = [
  '/api/',
  '/chunks/',
  '/covers/',
  '/hls/',
  '/assets/',
  '/stream/',
  '/livez',
  '/readyz',
  '/metrics',
  '/problems/',
  '/uploads/',
]
const wantsPage = (request: IncomingMessage, path: string): boolean =>
  (request.headers.accept ?? '').includes('text/html') && !serverPaths.some((start) => path.startsWith(start))

const chooseEncoding = (accepted: string | undefined, file: ShellFile): 'br' | 'gzip' | undefined => {
  if (file.br !== undefined && /\bbr\b/.test(accepted ?? '')) return 'br'
  return file.gzip !== undefined && /\bgzip\b/.test(accepted ?? '') ? 'gzip' : undefined
}
