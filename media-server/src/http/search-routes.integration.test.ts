import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { problemSchema, type ProblemCode } from '@tonestead/protocol/problem'
import {
  searchAnswerSchema,
  searchChangesSchema,
  suggestionsSchema,
  type SearchAnswer,
} from '@tonestead/protocol/search'
import { openSearchIndex } from '@tonestead/search-index/search-index'
import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { publicationOf } from '../ports/publication.testkit.ts'
import { openTestServer } from '../server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const songs = Array.from({ length: 30 }, (_, index) =>
  publicationOf({
    title: `Blue Song ${index}`,
    release: `Blue ${index}`,
    artist: 'Ann Blue',
    isPublic: index % 2 === 0,
    year: 1960 + index,
    position: index + 1,
  }),
)
const world = await openTestServer({ extra: songs })
afterAll(() => world.close())
const { origin, shown, hidden } = world
const visitor = await makeClient(origin, await makeDevice())
const listener = await makeClient(origin, await makeDevice())
const polling = { timeout: 40_000, interval: 50 }

const expectProblem = async (answer: Promise<Response> | Response, code: ProblemCode): Promise<void> => {
  const response = await answer
  const body = problemSchema.parse(await response.json())
  expect([body.code, response.status]).toEqual([code, body.status])
}
const path = (query: Record<string, string>): string => `/api/search?${new URLSearchParams(query)}`
const search = async (query: Record<string, string>, client = listener): Promise<SearchAnswer> => {
  const response = await client.get(path(query))
  expect(response.status, JSON.stringify(query)).toBe(200)
  expect(response.headers.get('cache-control')).toBe('private, no-cache')
  return searchAnswerSchema.parse(await response.json())
}
const titles = (answer: SearchAnswer): string[] =>
  Object.values(answer.groups).flatMap((group) => group.hits.map((hit) => hit.title))

beforeAll(async () => {
  await listener.send('/api/claims', { code: world.claimCode })
  await vi.waitFor(async () => {
    expect(await (await fetch(`${origin}/readyz`)).json()).toMatchObject({ search: { state: 'open' } })
  }, polling)
})

describe('a search', () => {
  it('finds entities by kind, with everything that a row shows, a top hit and a sequence number', async () => {
    const answer = await search({ q: 'shwon' })
    expect(answer.top).toMatchObject({
      kind: 'track',
      id: shown.track.id,
      title: 'Shown',
      match: 'corrected',
      release: { title: 'Public' },
      credits: [{ name: 'Ann' }],
      durationMs: 8000,
      image: `${shown.release.cover?.id}#336699`,
    })
    expect(answer.sequence).toBeGreaterThan(0)
    expect((await search({ q: 'ann blue', kinds: 'artist' })).groups).toMatchObject({
      track: { hits: [] },
      artist: { hits: [{ title: 'Ann Blue' }] },
    })
    expect(titles(await search({ q: 'hidden' }))).toEqual(['Hidden'])
    expect(titles(await search({ q: '' }))).toEqual([])
  })

  it('is filtered by years, duration and quality', async () => {
    expect(
      (await search({ q: 'blue song', kinds: 'track', years: '1970-1972', limit: '50' })).groups.track.hits
        .map((hit) => hit.year)
        .toSorted(),
    ).toEqual([1970, 1971, 1972])
    expect(
      (await search({ q: 'blue song', kinds: 'track', years: '-1961', limit: '50' })).groups.track.hits,
    ).toHaveLength(2)
    expect(
      (await search({ q: 'blue song', kinds: 'track', years: '1985-', limit: '50' })).groups.track.hits,
    ).toHaveLength(5)
    expect((await search({ q: 'shown', duration: '0-7999' })).groups.track.hits).toEqual([])
    expect((await search({ q: 'shown', duration: '8000-8000' })).groups.track.hits).toHaveLength(1)
    expect((await search({ q: 'shown', lossless: '1' })).groups.track.hits).toEqual([])
    expect((await search({ q: 'sho', complete: '1' })).groups.track.hits.every((hit) => hit.match !== 'prefix')).toBe(
      true,
    )
  })

  it('shows everyone only what is public, whatever the query', async () => {
    const searchAsEveryone = async (q: string) =>
      searchAnswerSchema.parse(await (await fetch(origin + path({ q, limit: '100' }))).json())
    expect((await searchAsEveryone('blue song')).groups.track.hits).toHaveLength(15)
    expect((await search({ q: 'blue song', limit: '100' }, visitor)).groups.track.hits).toHaveLength(15)
    for (const q of ['hidden', 'hiddn', 'private', 'privat', 'artist:ann hidden', 'album:private']) {
      expect(JSON.stringify(await searchAsEveryone(q)), q).not.toMatch(/hidden|private/i)
      const suggested = suggestionsSchema.parse(
        await (await fetch(`${origin}/api/search/suggestions?q=${encodeURIComponent(q.slice(0, 3))}`)).json(),
      )
      expect(JSON.stringify(suggested), q).not.toMatch(/hidden|private/i)
    }
    expect(
      suggestionsSchema.parse(await (await listener.get('/api/search/suggestions?q=hid')).json()).items,
    ).toMatchObject([{ text: expect.stringMatching(/hidden/i), typed: 3 }])
  })

  it('is paged by kind, each hit once, and a cursor is valid for its own search only', async () => {
    const found: string[] = []
    let cursor: string | undefined
    for (let page = 0; page < 10; page += 1) {
      const answer = await search({
        q: 'blue song',
        limit: '7',
        ...(cursor === undefined ? { kinds: 'track' } : { cursor }),
      })
      found.push(...answer.groups.track.hits.map((hit) => hit.id))
      cursor = answer.groups.track.next
      if (cursor === undefined) break
      expect(answer.groups.track.hits).toHaveLength(7)
    }
    expect([...new Set(found)]).toHaveLength(30)
    expect(found).toHaveLength(30)
    const { next = '' } = (await search({ q: 'blue song', kinds: 'track', limit: '5' })).groups.track
    for (const query of [{ q: 'blue' }, { q: 'blue song', years: '1960-1970' }, { q: 'blue song', lossless: '1' }])
      await expectProblem(listener.get(path({ ...query, cursor: next })), 'invalid-request')
    for (const cursor of [
      'x',
      '%00',
      Buffer.from('["track",99999999,"x"]').toString('base64url'),
      Buffer.from('["track",-1,"x"]').toString('base64url'),
      'a'.repeat(513),
    ])
      await expectProblem(listener.get(path({ q: 'blue song', cursor })), 'invalid-request')
  })

  it('answers hostile texts or refuses them with a problem', async () => {
    const texts = [
      '.*(a+)+$',
      '🎵🎶😀'.repeat(20),
      '\u0000\u0001\u0008\u001b',
      '"',
      '""""',
      '((((',
      'a'.repeat(200),
      'a '.repeat(100),
      '\u202e\u200b\ufeff',
      '%_%',
      `'; drop table tracks; --`,
      'artist:'.repeat(25),
      'year:9999999999',
      'is:lossless '.repeat(15),
      '\ud800',
      'ﷺ'.repeat(100),
      'e' + '\u0301'.repeat(150),
    ]
    for (const q of texts) {
      expect((await listener.get(path({ q }))).status, q).toBe(200)
      expect((await listener.get(`/api/search/suggestions?${new URLSearchParams({ q })}`)).status, q).toBe(200)
    }
    await expectProblem(listener.get(path({ q: 'a'.repeat(201) })), 'invalid-request')
    await expectProblem(fetch(origin + path({ q: 'a'.repeat(10_000) })), 'url-too-long')
    await expectProblem(fetch(`${origin}/api/search`), 'invalid-request')
    const filters = Array.from({ length: 100 }, (_, index) => `years=${1900 + index}-${1901 + index}`).join('&')
    await expectProblem(fetch(`${origin}/api/search?q=a&${filters}`), 'invalid-request')
    for (const query of [
      'kinds=song',
      'kinds=track,track,track,track,track',
      'kinds=',
      'limit=0',
      'limit=101',
      'limit=1e9',
      'years=1970',
      'years=a-b',
      'years=1-2-3',
      'lossless=2',
      'complete=yes',
    ])
      await expectProblem(fetch(`${origin}/api/search?q=a&${query}`), 'invalid-request')
    for (const query of ['q=a&limit=21', `q=${'a'.repeat(201)}`, ''])
      await expectProblem(fetch(`${origin}/api/search/suggestions?${query}`), 'invalid-request')
  })

  it('is aborted with its request, and still works for others', async () => {
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const stop = new AbortController()
        const response = fetch(origin + path({ q: 'blue' }), { signal: stop.signal })
        stop.abort()
        await expect(response).rejects.toThrow()
      }),
    )
    expect((await search({ q: 'shown' })).top?.title).toBe('Shown')
    const readMetrics = async () => (await fetch(`${origin}/metrics`)).text()
    await expect.poll(readMetrics, polling).toMatch(/^search_waiting 0$/m)
    const metrics = await readMetrics()
    for (const name of [
      'search_seconds_bucket',
      'search_index_documents{kind="track"} 32',
      'search_index_lag 0',
      'search_index_open 1',
      'search_calls_total{call="search",outcome="answered"}',
    ])
      expect(metrics).toContain(name)
    expect(metrics).not.toMatch(/blue|shown/i)
  })
})

describe('the index for devices', () => {
  const raw = (
    headers: Record<string, string>,
  ): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> =>
    new Promise((resolve, reject) => {
      get(`${origin}/api/search/snapshot`, { headers }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) })
        })
      }).on('error', reject)
    })
  const open = (bytes: Buffer) => {
    const opened = openSearchIndex(new Uint8Array(bytes))
    if (opened.kind === 'refused') throw new Error(opened.reason)
    return opened
  }

  it('contains what the caller may see, in an accepted compression, and is revalidated by its tag', async () => {
    await expect.poll(async () => (await raw({})).status, polling).toBe(200)
    const [plain, gzipped, brotli] = [
      await raw({}),
      await raw({ 'accept-encoding': 'gzip, deflate' }),
      await raw({ 'accept-encoding': 'gzip, deflate, br, zstd' }),
    ]
    expect([plain, gzipped, brotli].map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'gzip',
      'br',
    ])
    expect(gunzipSync(gzipped.body)).toEqual(plain.body)
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body)
    const opened = open(plain.body)
    expect(String(opened.sequence)).toBe(plain.headers['tonestead-sequence'])
    expect(opened.index.count('track')).toBe(16)
    expect([...opened.index.documents()].every((document) => document.isPublic)).toBe(true)
    for (const etag of [String(plain.headers['etag']), String(brotli.headers['etag'])]) {
      const again = await raw({ 'if-none-match': etag, 'accept-encoding': 'br' })
      expect([again.status, again.body.length]).toEqual([304, 0])
    }
    expect((await raw({ 'if-none-match': '"other"' })).status).toBe(200)
    const all = await listener.get('/api/search/snapshot')
    expect(all.headers.get('vary')).toContain('authorization')
    expect(open(Buffer.from(await all.arrayBuffer())).index.count('track')).toBe(32)
    expect(all.headers.get('etag')?.slice(0, 33)).not.toBe(String(plain.headers['etag']).slice(0, 33))
  })

  it('is updated by changes', async () => {
    const all = searchChangesSchema.parse(await (await listener.get('/api/search/changes?after=0&limit=1000')).json())
    expect(all).toMatchObject({ isLast: true, isTooOld: false })
    expect(all.items.filter((item) => item.change === 'put' && item.document.kind === 'track')).toHaveLength(32)
    const seen = searchChangesSchema.parse(
      await (await fetch(`${origin}/api/search/changes?after=0&limit=1000`)).json(),
    )
    expect(seen.items.filter((item) => item.change === 'put' && item.document.kind === 'track')).toHaveLength(16)
    expect(JSON.stringify(seen)).not.toContain(hidden.track.id)
    expect(
      searchChangesSchema.parse(await (await listener.get(`/api/search/changes?after=${all.last}`)).json()),
    ).toEqual({ items: [], last: all.last, isLast: true, isTooOld: false })
    expect(
      searchChangesSchema.parse(await (await listener.get(`/api/search/changes?after=${all.last + 1}`)).json()),
    ).toMatchObject({ items: [], isTooOld: true })
    for (const query of ['', 'after=-1', 'after=x', 'after=0&limit=1001'])
      await expectProblem(fetch(`${origin}/api/search/changes?${query}`), 'invalid-request')
  })
})

describe('plays', () => {
  it('are counted once in half an hour for each account and track, only for tracks it may hear, only from devices', async () => {
    const report = (client: typeof listener, trackId: string): Promise<Response> =>
      client.send('/api/plays', { trackId })
    for (let again = 0; again < 3; again += 1) expect((await report(listener, shown.track.id)).status).toBe(204)
    expect((await report(visitor, shown.track.id)).status).toBe(204)
    await expectProblem(report(visitor, hidden.track.id), 'track-not-found')
    for (const id of ['', 'x', 'b'.repeat(26), '../etc', 'a'.repeat(64)])
      await expectProblem(report(listener, id), 'track-not-found')
    await expectProblem(report(listener, 'a'.repeat(65)), 'invalid-request')
    await expectProblem(listener.post('/api/plays', { trackId: shown.track.id }, {}), 'proof-required')
    const changes = searchChangesSchema.parse(
      await (await listener.get('/api/search/changes?after=0&limit=1000')).json(),
    )
    const played = changes.items.flatMap((item) =>
      item.change === 'put' && item.document.popularity > 0 && item.document.kind === 'track'
        ? [[item.document.title, item.document.popularity]]
        : [],
    )
    // A play loses a little weight at midnight (UTC), which may pass during the test.
    expect(played).toEqual([['Shown', expect.closeTo(2, 1)]])
  })

  it('are limited in rate', async () => {
    const busy = await makeClient(origin, await makeDevice())
    const statuses: number[] = []
    while (!statuses.includes(429))
      statuses.push(
        ...(await Promise.all(
          Array.from({ length: 20 }, async () => (await busy.send('/api/plays', { trackId: shown.track.id })).status),
        )),
      )
    expect(statuses.filter((status) => status === 204).length).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([204, 429]))
  })
})
