import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

/** As strict as the real server's, so that a forbidden script or style shows here already. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

/** A cover made of its id: the same picture on every run. */
const coverOf = (id: string): string => {
  const at = (index: number) => Number.parseInt(id.slice(-8).slice(index, index + 2), 16)
  const [hue, turn, x, y] = [at(0) * 1.4, at(2), at(4) / 2.55, at(6) / 2.55]
  const tone = (light: number, shift: number) => `oklch(${light} 0.13 ${hue + shift})`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="g" gradientTransform="rotate(${turn})"><stop stop-color="${tone(0.42, 0)}"/><stop offset="1" stop-color="${tone(0.72, 60)}"/></linearGradient></defs><rect width="100" height="100" fill="url(#g)"/><circle cx="${x}" cy="${y}" r="${18 + turn / 8}" fill="${tone(0.86, 90)}" opacity=".85"/><path d="M0 ${60 + y / 4}Q${x} ${30 + x / 3} 100 ${70 + x / 5}V100H0Z" fill="${tone(0.26, -30)}" opacity=".8"/></svg>`
}

export type StoriesServer = { readonly origin: string; close(): void }

/** Serves a build of the stories; every address that is no file is the page itself, as a single-page app wants it. */
export const serveStories = async (folder: string, port = 0): Promise<StoriesServer> => {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const cover = /^\/covers\/([0-9a-f]{64})\//.exec(path)
    if (cover?.[1] !== undefined) {
      response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(coverOf(cover[1]))
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
