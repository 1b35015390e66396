import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { drawCoverAt } from './draw-cover.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

/** As strict as the real server's, so that a forbidden script or style fails here. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

export type StoriesServer = { readonly origin: string; close(): void }

/** Serves a build of the stories. Every address that is no file is the page, as in a single-page app. */
export const serveStories = async (folder: string, port = 0): Promise<StoriesServer> => {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const cover = drawCoverAt(path)
    if (cover !== undefined) {
      response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(cover)
      return
    }
    const file = extname(path) === '' ? 'stories.html' : path
    readFile(join(folder, file)).then(
      (bytes) =>
        response
          .writeHead(200, {
            'content-type': types[extname(file)] ?? 'application/octet-stream',
            'content-security-policy': policy,
          })
          .end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`,
    close: () => void server.close(),
  }
}
