import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { appFolder, buildApp } from './build-app.ts'

// Size limits of what a phone loads, in kB of Brotli (1 kB = 1000 bytes). A limit is raised only in the commit that needs it.

const budgets = [
  { name: 'first paint: scripts and styles', limitKb: 170, files: (page: Page) => page.firstPaint },
  {
    name: 'styles of first paint',
    limitKb: 25,
    files: (page: Page) => page.firstPaint.filter((file) => file.endsWith('.css')),
  },
  { name: 'largest route', limitKb: 40, files: (page: Page) => page.routes, isPerFile: true },
  { name: 'service worker', limitKb: 60, files: () => ['service-worker.js'] },
  { name: 'search worker', limitKb: 60, files: (page: Page) => page.searchWorker },
  // Both are loaded after the first sound. Most of it is Automerge.
  { name: 'documents worker', limitKb: 120, files: (page: Page) => page.documentsWorker },
  { name: 'documents worker: WebAssembly', limitKb: 850, files: (page: Page) => page.wasm },
] as const

type Page = {
  readonly firstPaint: readonly string[]
  readonly routes: readonly string[]
  readonly searchWorker: readonly string[]
  readonly documentsWorker: readonly string[]
  readonly wasm: readonly string[]
}

const brotli = promisify(brotliCompress)
const sizeKb = async (file: string): Promise<number> =>
  (await brotli(await readFile(join(appFolder, file)))).length / 1000

const readPage = async (): Promise<Page> => {
  const html = await readFile(join(appFolder, 'index.html'), 'utf8')
  const firstPaint = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '')
  const all = (await readdir(join(appFolder, 'assets')))
    .filter((file) => /\.(js|css|wasm)$/.test(file))
    .map((file) => `assets/${file}`)
  const wasm = all.filter((file) => file.endsWith('.wasm'))
  const searchWorker = all.filter((file) => /\/search-worker-[^/]*$/.test(file))
  const documentsWorker = all.filter((file) => /\/documents-worker-[^/]*$/.test(file))
  const others = new Set([...firstPaint, ...searchWorker, ...documentsWorker, ...wasm])
  return { firstPaint, routes: all.filter((file) => !others.has(file)), searchWorker, documentsWorker, wasm }
}

await buildApp()
const page = await readPage()
if (page.firstPaint.length === 0) throw new Error('index.html loads no script, so the budgets would measure nothing')
for (const budget of budgets) {
  const sizes = await Promise.all(budget.files(page).map(sizeKb))
  const value = 'isPerFile' in budget ? Math.max(0, ...sizes) : sizes.reduce((sum, size) => sum + size, 0)
  const isOver = value > budget.limitKb
  console.log(`${isOver ? 'OVER' : 'ok  '} ${budget.name}: ${value.toFixed(1)} of ${budget.limitKb} kB`)
  if (isOver) process.exitCode = 1
}
