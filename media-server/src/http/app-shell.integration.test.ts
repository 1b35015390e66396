import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'

const app = await mkdtemp(join(tmpdir(), 'tonestead-app-'))
const script = 'export const answer = 42\n'.repeat(50)
await mkdir(join(app, 'assets'))
await writeFile(join(app, 'index.html'), '<!doctype html><title>Tonestead</title>')
await writeFile(join(app, 'service-worker.js'), 'self')
await writeFile(join(app, 'manifest.webmanifest'), '{}')
await writeFile(join(app, 'assets', 'index-abc123.js'), script)
await writeFile(join(app, 'assets', 'index-abc123.js.br'), brotliCompressSync(script))
await writeFile(join(app, 'assets', 'index-abc123.js.gz'), gzipSync(script))
const { origin, close } = await openTestServer({ appFolder: app })
afterAll(async () => {
  await close()
  await rm(app, { recursive: true, force: true })
})
const page = { headers: { accept: 'text/html,application/xhtml+xml' } }

describe('the app shell', () => {
  it('serves the page for every address that a person may open', async () => {
    for (const path of ['/', '/index.html', '/releases/ishusrsyhkgfivvd6emavruxde', '/settings?tab=1']) {
      const response = await fetch(origin + path, page)
      expect(await response.text()).toContain('<title>Tonestead')
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
  })

  it('serves no page for other requests, nor below the paths of the server', async () => {
    for (const path of ['/missing.js', '/assets/missing.js']) expect((await fetch(origin + path)).status).toBe(404)
    for (const path of ['/assets/missing.js', '/api/missing', '/chunks/x', '/stream/x.m4a', '/hls/x/y'])
      expect((await fetch(origin + path, page)).headers.get('content-type')).toBe('application/problem+json')
  })

  it('restricts what the page may do', async () => {
    const { headers } = await fetch(`${origin}/`, page)
    const policy = headers.get('content-security-policy') ?? ''
    for (const line of [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types app',
    ])
      expect(policy).toContain(line)
    expect(policy).not.toContain('unsafe-inline')
    expect(Object.fromEntries(headers)).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(headers.get('permissions-policy')).toContain('camera=(self)')
  })

  it('lets browsers cache hashed files for ever and revalidate the others', async () => {
    const cached = async (path: string) => (await fetch(origin + path)).headers.get('cache-control')
    expect(await cached('/assets/index-abc123.js')).toContain('immutable')
    expect(await cached('/service-worker.js')).toBe('no-cache')
    expect(await cached('/manifest.webmanifest')).toBe('no-cache')
    const first = await fetch(`${origin}/service-worker.js`)
    const again = await fetch(`${origin}/service-worker.js`, {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })

  it('sends the compressed file that the browser accepts', async () => {
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const response = await fetch(`${origin}/assets/index-abc123.js`, { headers: { 'accept-encoding': accepted } })
      expect([response.headers.get('content-encoding'), response.headers.get('content-type')]).toEqual([
        encoding,
        'text/javascript; charset=utf-8',
      ])
      expect(await response.text()).toBe(script)
    }
  })

  it('serves no path outside of its folder', async () => {
    for (const path of [
      '/../package.json',
      '/..%2f..%2fetc%2fpasswd',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/%',
      '/%00',
    ])
      expect([400, 404], path).toContain((await fetch(origin + path)).status)
  })
})
