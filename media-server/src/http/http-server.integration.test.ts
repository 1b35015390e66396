import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { fromBase64Url } from '@tonestead/protocol/bytes'
import { problemSchema } from '@tonestead/protocol/problem'
import { routes } from '@tonestead/protocol/routes'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { expectProblem, openClaimedServer } from './claimed-server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const { origin, shown, visitor, administrator, firstChunk, close } = await openClaimedServer()
afterAll(close)

describe('the table of routes', () => {
  const concrete = (path: string): string =>
    path.replace('{id}', 'a'.repeat(26)).replace('{capability}', 'x').replace('{file}', 'y')

  it('is mounted completely: every route answers, according to its access class', async () => {
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

  it('agrees with the OpenAPI description', async () => {
    const { paths } = (await (await fetch(`${origin}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.toSorted()).toEqual(routes.map((route) => `${route.method} ${route.path}`).toSorted())
  })

  it('answers 404 and 405 with problems, and refuses other content types', async () => {
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
        body: `{"deviceLog":["${'x'.repeat(300_000)}"]}`,
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

describe('chunks', () => {
  it('are sent whole, by single ranges and by HEAD, and are revalidated', async () => {
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

  it('that do not exist are problems, whatever the name', async () => {
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
      await expectProblem(
        fetch(`${origin}/chunks/${name}`),
        name.includes('../') ? 'not-found' : name.includes('%2f') ? 'invalid-request' : 'chunk-not-found',
      )
    await expectProblem(
      fetch(`${origin}/chunks/${await firstChunk()}`, { method: 'PUT', body: 'x' }),
      'method-not-allowed',
    )
    await expectProblem(fetch(`${origin}/covers/${'0'.repeat(64)}/96.webp`), 'cover-not-found')
    await expectProblem(fetch(`${origin}/covers/${'0'.repeat(64)}/97.webp`), 'cover-not-found')
  })
})

describe('ingest', () => {
  it('is shown to administrators only', async () => {
    await expectProblem(visitor.get('/api/ingest'), 'not-permitted')
    await expectProblem(visitor.send('/api/ingest/scans', {}), 'not-permitted')
    expect(await (await administrator.get('/api/ingest')).json()).toMatchObject({ summary: { found: 0 }, items: [] })
    expect((await administrator.send('/api/ingest/scans', {})).status).toBe(202)
  })

  it('streams a summary at once and ends when the client disconnects', async () => {
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

describe('the HTTP server', () => {
  it('answers only under its own host names, and only to pages of its own origin', async () => {
    const sendRaw = (headers: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(new URL(origin).port), '127.0.0.1', () =>
          socket.write(`GET /api/server HTTP/1.1\r\nconnection: close\r\n${headers}\r\n\r\n`),
        )
        let text = ''
        socket.on('data', (data) => {
          text += data.toString()
        })
        // The server may reset the connection after its answer: what has arrived by then is what counts.
        socket.on('error', () => undefined)
        socket.on('close', () => {
          resolve(text)
        })
      })
    expect(await sendRaw('host: evil.example')).toContain('origin-refused')
    expect(await sendRaw('host: localhost:1')).toContain('200 OK')
    expect(await sendRaw('host: localhost\r\norigin: https://evil.example')).toContain('origin-refused')
    expect(await sendRaw(`host: localhost\r\nx: ${'y'.repeat(40_000)}`)).toContain('headers-too-large')
    expect(await sendRaw('host: localhost\r\nbroken header')).toContain('invalid-request')
    await expectProblem(fetch(`${origin}/api/tracks?cursor=${'a'.repeat(5000)}`), 'url-too-long')
  })

  it('sends headers that prevent data from being run as a document', async () => {
    const { headers } = await fetch(`${origin}/api/server`)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })

  it('compresses JSON for clients that accept it', async () => {
    const plain = await fetch(`${origin}/api/openapi.json`, { headers: { 'accept-encoding': 'identity' } })
    const packed = await fetch(`${origin}/api/openapi.json`, { headers: { 'accept-encoding': 'gzip' } })
    expect([
      plain.headers.get('content-encoding'),
      packed.headers.get('content-encoding'),
      packed.headers.get('vary'),
    ]).toEqual([null, 'gzip', 'Accept-Encoding'])
    expect(await packed.json()).toEqual(await plain.json())
  })

  it('has metrics without ids', async () => {
    await (await fetch(`${origin}/hls/${shown.recording.id}/key`)).text()
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

  it('reports its state', async () => {
    expect(await (await fetch(`${origin}/readyz`)).json()).toMatchObject({
      status: 'ready',
      ingest: { state: 'working', transcoder: expect.any(String), limits: expect.any(String) },
    })
    expect(fromBase64Url(visitor.server.id)).toHaveLength(16)
  })
})

describe('stopping', () => {
  it('ends event streams and does not wait for idle connections', async () => {
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
    await expect.poll(() => text, { timeout: 40_000 }).toContain('event: summary')
    await Promise.all([reading, own.close()])
    // Another server may have got the port meanwhile, so the identity is compared.
    const after = await fetch(`${own.origin}/api/server`).then(
      async (response) => (await response.json()) as { id?: string },
      () => undefined,
    )
    expect(after?.id).not.toBe(client.server.id)
  })
})
