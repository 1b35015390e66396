import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
export const appFolder = join(root, 'dist', 'app')
const stampFile = join(appFolder, '.built-from')
const sources = [
  'app',
  'crdt',
  'protocol',
  'search-index',
  'public',
  'vite.config.ts',
  'package-lock.json',
  'commands/build-app.ts',
  'harness/zod-chunk.ts',
  'harness/zod-without-json-schema.ts',
]
const compressible = /\.(js|css|html|svg|webmanifest|json|txt|wasm)$/

/** Builds the page and its service worker into `dist/app`, unless it was built from the same sources before. Returns whether it built. */
export const buildApp = async (): Promise<boolean> => {
  const stamp = await hashOf(sources)
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return false
  await buildForProduction()
  await compressAll(appFolder)
  await writeFile(stampFile, stamp)
  return true
}

/** Vite takes NODE_ENV as it is: under `test`, as in a test that starts the server, it would build React's development version. */
const buildForProduction = async (): Promise<void> => {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}

const filesBelow = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined)
  if (entries === undefined) return [path]
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
}

const hashOf = async (paths: readonly string[]): Promise<string> => {
  const files = (await Promise.all(paths.map((path) => filesBelow(join(root, path)))))
    .flat()
    .filter((file) => !file.endsWith('.test.ts'))
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(`${file.slice(root.length)}\0`).update(await readFile(file))
  return hash.digest('hex')
}

const compress = promisify(brotliCompress)

/** The server sends `<file>.br` to browsers that accept Brotli. */
const compressAll = async (folder: string): Promise<void> => {
  const files = (await filesBelow(folder)).filter((file) => compressible.test(file))
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file)
      await writeFile(`${file}.br`, await compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
    }),
  )
}
