import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { StartRefusal } from '../../ports/start-refusal.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** Reads a built app into memory, with the compressed files beside its files. No request reads the disk, so no path can lead out of the folder. */
export const readAppShell = async (folder: string) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new StartRefusal(
      `The folder of the built app, ${folder}, cannot be read. Build the app first (npm run build), or leave --app out.`,
      { cause: error },
    )
  })
  const contents = new Map<string, Uint8Array>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) contents.set(`/${relative(folder, path).split(sep).join('/')}`, await readFile(path))
  }
  if (!contents.has('/index.html'))
    throw new StartRefusal(
      `The folder ${folder} holds no built app (there is no index.html in it). Build the app first (npm run build), or leave --app out.`,
    )
  const files = new Map(
    [...contents].map(([path, plain]) => [
      path,
      {
        contentType: types[extname(path)] ?? 'application/octet-stream',
        etag: etagOf(plain),
        plain,
        br: contents.get(`${path}.br`),
        gzip: contents.get(`${path}.gz`),
      },
    ]),
  )
  return { file: (path: string) => files.get(path) }
}

const etagOf = (bytes: Uint8Array): string => `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
