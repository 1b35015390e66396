import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { fromBase64Url, toHex } from '@tonestead/protocol/bytes'
import { openChunk } from '@tonestead/protocol/chunk'
import { hlsLinkSchema, licenseGrantSchema, openLicense, readLicense } from '@tonestead/protocol/license'
import { decodeManifestTail, openManifestHead } from '@tonestead/protocol/manifest'
import { problemSchema, type ProblemCode } from '@tonestead/protocol/problem'
import { routes } from '@tonestead/protocol/routes'
import { readSegmentFrames } from '@tonestead/protocol/segment'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const world = await openTestServer()
afterAll(() => world.close())
const { origin, shown, hidden } = world
const visitor = await makeClient(origin, await makeDevice())
const administrator = await makeClient(origin, await makeDevice())
const serverKey = await crypto.subtle.importKey('jwk', visitor.server.signingKey, 'Ed25519', true, ['verify'])

const expectProblem = async (answer: Promise<Response> | Response, code: ProblemCode): Promise<void> => {
  const response = await answer
  const body = problemSchema.parse(await response.json())
  expect(body.code).toBe(code)
  expect(response.status).toBe(body.status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(JSON.stringify(body)).not.toMatch(/\.ts:|node_modules|\\n +at /)
}
const headOf = async (publication: typeof shown) => {
  const head = await openManifestHead(crypto.subtle, serverKey, publication.recording.heads.aac)
  if (head === undefined) throw new Error('the head does not hold')
  return head
}
const firstChunk = async () => (await headOf(shown)).renditions[0]?.first[0]?.id ?? ''

describe('claims', () => {
  it('are refused with a wrong code, won by the code from the console, once', async () => {
    await expectProblem(administrator.post('/api/claims', { code: 'aaaaaaaa' }, {}), 'proof-required')
    await expectProblem(administrator.send('/api/claims', { code: 'aaaaaaaaaaaa' }), 'claim-invalid')
    const claimed = await administrator.send('/api/claims', { code: world.claimCode })
    expect(claimed.status).toBe(200)
    expect(await claimed.json()).toMatchObject({
      rights: expect.arrayContaining(['administer', 'listen', 'play-elsewhere']),
    })
    await expectProblem(visitor.send('/api/claims', { code: world.claimCode }), 'already-claimed')
    expect(await (await fetch(`${origin}/api/server`)).json()).toMatchObject({
      isClaimed: true,
      name: 'Test',
      id: visitor.server.id,
    })
  })
})

describe('the table of routes', () => {
  const concrete = (path: string): string =>
    path.replace('{id}', 'a'.repeat(26)).replace('{capability}', 'x').replace('{file}', 'y')

  it('is mounted as it stands: every line answers, and its class is kept', async () => {
    for (const route of routes) {
      const response = await fetch(origin + concrete(route.path), {
        method: route.method,
        headers: { accept: 'application/json', ...(route.path.endsWith('events') ? { connection: 'close' } : {}) },
        ...(route.method === 'POST' ? { body: '{}' } : {}),
      })
      const body = await response.text()
      const code =
        body !== '' && response.headers.get('content-type') === 'application/problem+json'
          ? problemSchema.parse(JSON.parse(body)).code
          : undefined
      expect(code, `${route.method} ${route.path}`).not.toBe('method-not-allowed')
      expect(code, `${route.method} ${route.path}`).not.toBe('not-found')
      if (route.access === 'capability') expect(code).toBe('capability-invalid')
      if (route.access === 'operator' || route.path === '/api/server' || route.path === '/api/openapi.json')
        expect(response.status).toBe(200)
      if (route.access === 'device' && (route.method !== 'GET' || route.path.startsWith('/api/ingest')))
        expect(response.ok, `${route.method} ${route.path}`).toBe(false)
    }
  })

  it('is what the OpenAPI description describes', async () => {
    const { paths } = (await (await fetch(`${origin}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.toSorted()).toEqual(routes.map((route) => `${route.method} ${route.path}`).toSorted())
  })

  it('answers 404 and 405 with problems, and takes no other content', async () => {
    await expectProblem(fetch(`${origin}/api/nothing`), 'not-found')
    await expectProblem(fetch(`${origin}/nothing`), 'not-found')
    await expectProblem(fetch(`${origin}/api/releases`, { method: 'DELETE' }), 'method-not-allowed')
    await expectProblem(
      fetch(`${origin}/api/sessions`, { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } }),
      'media-type-unsupported',
    )
    await expectProblem(
      fetch(`${origin}/api/sessions`, {
        method: 'POST',
        body: `{"deviceLog":["${'x'.repeat(70_000)}"]}`,
        headers: { 'content-type': 'application/json' },
      }),
      'body-too-large',
    )
    await expectProblem(
      fetch(`${origin}/api/sessions`, {
        method: 'POST',
        body: '{broken',
        headers: { 'content-type': 'application/json' },
      }),
      'invalid-request',
    )
    await expectProblem(
      fetch(`${origin}/api/sessions`, {
        method: 'POST',
        body: '{"deviceLog":[],"more":1}',
        headers: { 'content-type': 'application/json' },
      }),
      'invalid-request',
    )
  })
})

describe('signed requests', () => {
  it('see everything with the right to listen, else what is public', async () => {
    const titles = async (response: Promise<Response>) =>
      ((await (await response).json()) as { items: { title: string }[] }).items.map((item) => item.title)
    expect(await titles(fetch(`${origin}/api/releases`))).toEqual(['Public'])
    expect(await titles(visitor.get('/api/releases?sort=name'))).toEqual(['Public'])
    expect(await titles(administrator.get('/api/releases?sort=name&limit=5'))).toEqual(['Private', 'Public'])
    await expectProblem(visitor.get(`/api/releases/${hidden.release.id}`), 'release-not-found')
    await expectProblem(visitor.get(`/api/recordings/${hidden.recording.id}/manifest`), 'recording-not-found')
    expect((await administrator.get(`/api/tracks/${hidden.track.id}`)).status).toBe(200)
    expect(await (await visitor.get(`/api/recordings/${shown.recording.id}/manifest`)).json()).toMatchObject({
      recordingId: shown.recording.id,
      keyVersion: 1,
    })
  })

  it('refuse a proof that is used twice, old, for another request, server or token, or by another device', async () => {
    const path = '/api/releases'
    const good = await visitor.credentials('GET', path)
    expect((await fetch(origin + path, { headers: good })).status).toBe(200)
    await expectProblem(fetch(origin + path, { headers: good }), 'proof-replayed')
    const ath = createHash('sha256')
      .update(good['authorization']?.slice(5) ?? '')
      .digest('base64url')
    const ask = async (claims: object, method = 'GET', of = path) =>
      fetch(origin + path, { headers: { ...good, dpop: await visitor.prove(method, of, { ath, ...claims }) } })
    await expectProblem(ask({ iat: Math.floor(Date.now() / 1000) - 3600 }), 'clock-skewed')
    await expectProblem(ask({ iat: Math.floor(Date.now() / 1000) + 3600 }), 'clock-skewed')
    await expectProblem(ask({}, 'POST'), 'proof-invalid')
    await expectProblem(ask({}, 'GET', '/api/tracks'), 'proof-invalid')
    await expectProblem(ask({ aud: 'another server' }), 'proof-invalid')
    await expectProblem(ask({ ath: 'wrong' }), 'proof-invalid')
    const stolen = await fetch(origin + path, {
      headers: { ...good, dpop: await administrator.prove('GET', path, { ath }) },
    })
    await expectProblem(stolen, 'proof-invalid')
    for (const dpop of ['', 'x', 'a.b.c', `${good['dpop']?.slice(0, -4)}AAAA`])
      await expectProblem(
        fetch(origin + path, { headers: { ...good, dpop } }),
        dpop === '' ? 'proof-invalid' : 'proof-invalid',
      )
    for (const authorization of ['Bearer x', 'DPoP not-a-token', 'DPoP']) {
      const answer = await fetch(origin + path, {
        headers: { authorization, dpop: await visitor.prove('GET', path, { ath }) },
      })
      expect(answer.status).toBe(401)
    }
  })

  it('open sessions only for a device that the log vouches for', async () => {
    const other = await makeDevice()
    const proof = await visitor.prove('POST', '/api/sessions')
    await expectProblem(visitor.post('/api/sessions', { deviceLog: other.deviceLog }, { dpop: proof }), 'proof-invalid')
    await expectProblem(
      visitor.post('/api/sessions', { deviceLog: ['a.b.c'] }, { dpop: await visitor.prove('POST', '/api/sessions') }),
      'proof-invalid',
    )
    await expectProblem(visitor.post('/api/sessions', { deviceLog: other.deviceLog }, {}), 'proof-required')
  })

  it('reach the limit of five devices of one account', async () => {
    const first = await makeDevice()
    const clients = await Promise.all(
      Array.from({ length: 6 }, async (_, index) =>
        makeClient(origin, index === 0 ? first : await makeDevice(first.root)),
      ),
    )
    const statuses = []
    for (const client of clients) statuses.push((await client.openSession()).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 409])
  })

  it('list with checked queries', async () => {
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'offset=-1',
      'sort=size',
      'cursor=nonsense',
      `cursor=${'a'.repeat(600)}`,
    ])
      await expectProblem(fetch(`${origin}/api/tracks?${query}`), 'invalid-request')
    await expectProblem(
      fetch(`${origin}/api/tracks?ids=${Array.from({ length: 51 }, () => shown.track.id).join(',')}`),
      'invalid-request',
    )
    for (const ids of ['', 'x', '../etc', `${shown.track.id},`])
      await expectProblem(fetch(`${origin}/api/tracks?ids=${ids}`), 'invalid-request')
    expect(
      await (await administrator.get(`/api/tracks?ids=${hidden.track.id},${'b'.repeat(26)},${shown.track.id}`)).json(),
    ).toMatchObject({ items: [{ title: 'Hidden' }, { title: 'Shown' }], total: 2 })
    expect(await (await visitor.get(`/api/tracks?ids=${hidden.track.id},${shown.track.id}`)).json()).toMatchObject({
      items: [{ title: 'Shown' }],
      total: 1,
    })
    for (const [kind, code] of [
      ['releases', 'release-not-found'],
      ['artists', 'artist-not-found'],
      ['tracks', 'track-not-found'],
    ] as const)
      await expectProblem(fetch(`${origin}/api/${kind}/..%2f..%2fetc`), code)
  })
})

describe('licenses', () => {
  it('open the chunks of what the account may hear, on this device only, and name what is denied', async () => {
    const device = await makeDevice()
    const client = await makeClient(origin, device)
    const answer = await client.send('/api/licenses', {
      recordings: [shown.recording.id, hidden.recording.id, shown.recording.id],
    })
    const { license: jws, denied } = licenseGrantSchema.parse(await answer.json())
    expect(denied).toEqual([hidden.recording.id])
    const license = await readLicense(serverKey, jws)
    if (license === undefined) throw new Error('the license does not hold')
    expect(license.expiresAt - license.issuedAt).toBe(30 * 86_400_000)
    const [granted] = await openLicense(crypto.subtle, device.agreementKey, license)
    const head = await headOf(shown)
    const chunk = new Uint8Array(await (await fetch(`${origin}/chunks/${await firstChunk()}`)).arrayBuffer())
    const address = {
      recordingId: head.recordingId,
      keyVersion: head.keyVersion,
      rendition: 'aac-64',
      index: 0,
    } as const
    if (granted === undefined) throw new Error('no key')
    expect(granted.key.extractable).toBe(false)
    expect(readSegmentFrames(await openChunk(crypto.subtle, granted.key, { address, chunk }))).toHaveLength(150)
    await expect(openLicense(crypto.subtle, (await makeDevice()).agreementKey, license)).rejects.toThrow()
  })

  it('cover everything for an administrator, and 10 000 recordings in one request', async () => {
    const recordings = [
      hidden.recording.id,
      ...Array.from({ length: 9999 }, (_, index) =>
        index.toString(2).padStart(26, 'a').replaceAll('0', 'b').replaceAll('1', 'c'),
      ),
    ]
    const grant = licenseGrantSchema.parse(await (await administrator.send('/api/licenses', { recordings })).json())
    expect(grant.denied).toHaveLength(9999)
    await expectProblem(administrator.send('/api/licenses', { recordings: [] }), 'invalid-request')
    await expectProblem(administrator.send('/api/licenses', { recordings: ['../secret'] }), 'invalid-request')
    await expectProblem(
      fetch(`${origin}/api/licenses`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ recordings: [shown.recording.id] }),
      }),
      'proof-required',
    )
  })
})

describe('chunks', () => {
  it('come whole, by single ranges, by HEAD, and are revalidated', async () => {
    const id = await firstChunk()
    const whole = await fetch(`${origin}/chunks/${id}`)
    const bytes = Buffer.from(await whole.arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(id)
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${id}"`,
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
    })
    expect((await fetch(`${origin}/chunks/${id}`, { headers: { 'if-none-match': `"${id}"` } })).status).toBe(304)
    const headed = await fetch(`${origin}/chunks/${id}`, { method: 'HEAD' })
    expect([headed.status, headed.headers.get('content-length'), (await headed.arrayBuffer()).byteLength]).toEqual([
      200,
      String(bytes.length),
      0,
    ])
    for (const [range, first, last] of [
      ['bytes=0-0', 0, 0],
      ['bytes=10-', 10, bytes.length - 1],
      ['bytes=-5', bytes.length - 5, bytes.length - 1],
      ['bytes=5-99999999', 5, bytes.length - 1],
    ] as const) {
      const part = await fetch(`${origin}/chunks/${id}`, { headers: { range } })
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${first}-${last}/${bytes.length}`])
      expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(first, last + 1))
    }
    for (const range of ['bytes=5-2', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,4-5', 'bytes=-'])
      expect((await fetch(`${origin}/chunks/${id}`, { headers: { range } })).status).toBe(200)
    const outside = await fetch(`${origin}/chunks/${id}`, { headers: { range: `bytes=${bytes.length}-` } })
    expect(outside.headers.get('content-range')).toBe(`bytes */${bytes.length}`)
    await expectProblem(outside, 'range-not-satisfiable')
    expect(
      (await fetch(`${origin}/chunks/${id}`, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } })).status,
    ).toBe(200)
  })

  it('that are not there are problems, whatever the name', async () => {
    for (const name of [
      '0'.repeat(64),
      'x',
      '',
      '../../secrets/signing.pem',
      '%2e%2e%2f%2e%2e%2fsecrets%2fsigning.pem',
      'A'.repeat(64),
      `${'0'.repeat(64)}.m4s`,
      `${'0'.repeat(64)}.exe`,
      `${'0'.repeat(64)}/x`,
    ])
      await expectProblem(fetch(`${origin}/chunks/${name}`), name.includes('../') ? 'not-found' : 'chunk-not-found')
    await expectProblem(
      fetch(`${origin}/chunks/${await firstChunk()}`, { method: 'PUT', body: 'x' }),
      'method-not-allowed',
    )
    await expectProblem(fetch(`${origin}/covers/${'0'.repeat(64)}/96.webp`), 'cover-not-found')
    await expectProblem(fetch(`${origin}/covers/${'0'.repeat(64)}/97.webp`), 'cover-not-found')
  })
})

describe('HLS links', () => {
  it('give playlists, init segment and key for as long as they hold', async () => {
    const link = hlsLinkSchema.parse(
      await (await visitor.send('/api/hls-links', { recordingId: shown.recording.id })).json(),
    )
    expect(link.lossless).toBeUndefined()
    const master = await (await fetch(origin + link.master)).text()
    expect(master.match(/^aac-\d+\.m3u8$/gm)).toEqual(['aac-64.m3u8', 'aac-128.m3u8', 'aac-256.m3u8'])
    const base = new URL(link.master, origin)
    const media = await (await fetch(new URL('aac-64.m3u8', base))).text()
    const chunks = [...media.matchAll(/^\.\.\/\.\.\/chunks\/[0-9a-f]{64}\.m4s$/gm)].map(([path]) =>
      new URL(path, base).pathname.slice('/chunks/'.length, -'.m4s'.length),
    )
    const head = await headOf(shown)
    const tail = decodeManifestTail(
      new Uint8Array(await (await fetch(`${origin}/chunks/${head.tail.id}`)).arrayBuffer()),
      head,
    )
    expect(chunks).toEqual(tail.renditions[0]?.map((chunk) => chunk.id))
    const key = new Uint8Array(await (await fetch(new URL('key', base))).arrayBuffer())
    const [, iv = ''] = /IV=0x([0-9a-f]{32})/.exec(media) ?? []
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-CBC', iv: Buffer.from(iv, 'hex') },
      await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt']),
      await (await fetch(`${origin}/chunks/${chunks[0]}`)).arrayBuffer(),
    )
    expect(toHex(new Uint8Array(opened).slice(4, 8))).toBe('73747970')
    expect((await fetch(new URL('init-aac.mp4', base))).headers.get('content-type')).toBe('audio/mp4')
    for (const file of ['flac.m3u8', 'aac-512.m3u8', 'x', 'init-flac.mp4'])
      await expectProblem(fetch(new URL(file, base)), 'not-found')
    await expectProblem(
      fetch(new URL(link.master.replace(shown.recording.id, hidden.recording.id), origin)),
      'capability-invalid',
    )
    await expectProblem(
      fetch(new URL(`/hls/${link.master.split('/')[2]?.slice(0, -1)}A/key`, origin)),
      'capability-invalid',
    )
  })

  it('need the right to play elsewhere for what is not public', async () => {
    await expectProblem(visitor.send('/api/hls-links', { recordingId: hidden.recording.id }), 'recording-not-found')
    expect((await administrator.send('/api/hls-links', { recordingId: hidden.recording.id })).status).toBe(200)
  })
})

describe('ingest', () => {
  it('is told to administrators only', async () => {
    await expectProblem(visitor.get('/api/ingest'), 'not-permitted')
    await expectProblem(visitor.send('/api/ingest/scans', {}), 'not-permitted')
    expect(await (await administrator.get('/api/ingest')).json()).toMatchObject({ summary: { found: 0 }, items: [] })
    expect((await administrator.send('/api/ingest/scans', {})).status).toBe(202)
  })

  it('streams a summary at once and ends when the reader goes', async () => {
    const reading = new AbortController()
    const response = await fetch(`${origin}/api/ingest/events`, {
      headers: await administrator.credentials('GET', '/api/ingest/events'),
      signal: reading.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    let text = ''
    for await (const part of response.body ?? []) {
      text += Buffer.from(part).toString()
      if (text.includes('event: summary')) break
    }
    reading.abort()
    expect(text).toMatch(/event: summary\ndata: \{"found":0/)
  })
})

describe('the edge', () => {
  it('answers only to names that are its own, and to pages of its own', async () => {
    const ask = (headers: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(new URL(origin).port), '127.0.0.1', () =>
          socket.write(`GET /api/server HTTP/1.1\r\nconnection: close\r\n${headers}\r\n\r\n`),
        )
        let text = ''
        socket.on('data', (data) => {
          text += data.toString()
        })
        socket.on('end', () => {
          resolve(text)
        })
        socket.on('error', reject)
      })
    expect(await ask('host: evil.example')).toContain('origin-refused')
    expect(await ask('host: localhost:1')).toContain('200 OK')
    expect(await ask('host: localhost\r\norigin: https://evil.example')).toContain('origin-refused')
    expect(await ask(`host: localhost\r\nx: ${'y'.repeat(40_000)}`)).toContain('headers-too-large')
    expect(await ask('host: localhost\r\nbroken header')).toContain('invalid-request')
    await expectProblem(fetch(`${origin}/api/tracks?cursor=${'a'.repeat(5000)}`), 'url-too-long')
  })

  it('sends headers that keep data from being taken for a document', async () => {
    const { headers } = await fetch(`${origin}/api/server`)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })

  it('compresses what it says in JSON for whoever takes that', async () => {
    const plain = await fetch(`${origin}/api/openapi.json`, { headers: { 'accept-encoding': 'identity' } })
    const packed = await fetch(`${origin}/api/openapi.json`, { headers: { 'accept-encoding': 'gzip' } })
    expect([
      plain.headers.get('content-encoding'),
      packed.headers.get('content-encoding'),
      packed.headers.get('vary'),
    ]).toEqual([null, 'gzip', 'Accept-Encoding'])
    expect(await packed.json()).toEqual(await plain.json())
  })

  it('is measured without names', async () => {
    const metrics = await (await fetch(`${origin}/metrics`)).text()
    for (const name of [
      'http_request_duration_seconds',
      'http_requests_in_flight',
      'chunk_bytes_sent_total',
      'ingest_jobs',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(metrics).toContain(name)
    expect(metrics).not.toContain(shown.recording.id)
    expect(metrics).toContain('route="/hls/{capability}/{file}"')
  })

  it('tells its state', async () => {
    expect(await (await fetch(`${origin}/readyz`)).json()).toMatchObject({
      status: 'ready',
      ingest: { state: 'working', transcoder: expect.any(String), limits: expect.any(String) },
    })
    expect(fromBase64Url(visitor.server.id)).toHaveLength(16)
  })
})

describe('stopping', () => {
  it('ends event streams and waits for no connection that has nothing more to answer', async () => {
    const own = await openTestServer()
    const client = await makeClient(own.origin, await makeDevice())
    await client.send('/api/claims', { code: own.claimCode })
    const stream = await fetch(`${own.origin}/api/ingest/events`, {
      headers: await client.credentials('GET', '/api/ingest/events'),
    })
    await fetch(`${own.origin}/livez`)
    let text = ''
    const reading = (async () => {
      for await (const part of stream.body ?? []) text += Buffer.from(part).toString()
    })()
    await expect.poll(() => text, { timeout: 15_000 }).toContain('event: summary')
    await Promise.all([reading, own.close()])
    await expect(fetch(`${own.origin}/livez`)).rejects.toThrow()
  }, 25_000)
})
