import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { ingestReportSchema } from '@tonestead/protocol/ingest'
import { problemSchema, type ProblemCode } from '@tonestead/protocol/problem'
import { maxOpenUploads, maxUploadBytes, uploadLifetimeMs } from '@tonestead/protocol/upload'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { afterAll, describe, expect, it } from 'vitest'
import { openFsUploadStore } from '../platform/files/fs-upload-store.ts'
import { openTestServer } from '../server.testkit.ts'
import { uploadName } from '../uploads/upload-name.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const world = await openTestServer()
afterAll(() => world.close())
const { origin } = world
const visitor = await makeClient(origin, await makeDevice())
const administrator = await makeClient(origin, await makeDevice())
await administrator.send('/api/claims', { code: world.claimCode })
type Client = typeof administrator

const tus = { 'tus-resumable': '1.0.0' }
const part = { ...tus, 'content-type': 'application/offset+octet-stream' }
const metadataOf = (filename: string): string => `filename ${Buffer.from(filename).toString('base64')}`
const send = async (
  client: Client,
  [method, path]: readonly [string, string],
  more: { headers?: Record<string, string>; body?: Uint8Array<ArrayBuffer> } = {},
): Promise<Response> =>
  fetch(origin + path, {
    method,
    headers: { ...tus, ...(await client.credentials(method, path)), ...more.headers },
    ...(more.body === undefined ? {} : { body: more.body }),
  })
const create = async (
  client: Client,
  size: number,
  headers: Record<string, string> = { 'upload-metadata': metadataOf('Ann/Rain/01 Drops.wav') },
): Promise<Response> => send(client, ['POST', '/uploads'], { headers: { 'upload-length': String(size), ...headers } })
const patch = (path: string, offset: number, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
  send(administrator, ['PATCH', path], { headers: { ...part, 'upload-offset': String(offset) }, body })
const offsetOf = async (path: string): Promise<number> =>
  Number((await send(administrator, ['HEAD', path])).headers.get('upload-offset'))

const expectProblem = async (response: Response, code: ProblemCode): Promise<void> => {
  const body = problemSchema.parse(await response.json())
  expect(body.code).toBe(code)
  expect(response.status).toBe(body.status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
}
const pathOf = (response: Response): string => {
  expect(response.status).toBe(201)
  const path = response.headers.get('location') ?? ''
  expect(path).toMatch(/^\/uploads\/[0-9a-f]{32}$/)
  return path
}

/** Sends a request and destroys it after so many bytes. */
const sendAndCut = async (path: string, body: Uint8Array, cutAfter: number): Promise<void> => {
  const headers = {
    ...part,
    ...(await administrator.credentials('PATCH', path)),
    'upload-offset': '0',
    'content-length': String(body.length),
  }
  const sending = request(origin + path, { method: 'PATCH', headers })
  const gone = new Promise<void>((resolve) => {
    // Expected: the request is destroyed before its answer.
    sending.on('error', () => undefined)
    sending.on('close', resolve)
  })
  await new Promise<void>((resolve) => sending.write(body.subarray(0, cutAfter), () => resolve()))
  // Destroyed only when the server has stored some of it.
  await expect
    .poll(async () => (await stat(join(world.data, 'uploads', 'open', path.slice('/uploads/'.length)))).size, {
      timeout: 40_000,
    })
    .toBeGreaterThan(0)
  sending.destroy()
  await gone
}

describe('an upload', () => {
  it('continues where it was interrupted, is stored under a generated name, and waits for ingest', async () => {
    const file = new Uint8Array(randomBytes(3_000_000))
    const path = pathOf(await create(administrator, file.length))
    await sendAndCut(path, file, 1_500_000)
    const offset = await offsetOf(path)
    expect(offset).toBeGreaterThan(0)
    expect(offset).toBeLessThan(file.length)
    await expectProblem(await patch(path, 0, file), 'upload-offset-wrong')
    const last = await patch(path, offset, file.slice(offset))
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(file.length)])
    const stored = await readFile(join(world.data, 'uploads', 'done', path.slice('/uploads/'.length)))
    expect(createHash('sha256').update(stored).digest('hex')).toBe(createHash('sha256').update(file).digest('hex'))
    expect(await offsetOf(path)).toBe(file.length)
    const { items } = ingestReportSchema.parse(await (await administrator.get('/api/ingest')).json())
    expect(items.map((item) => item.name)).toEqual(['Ann/Rain/01 Drops.wav'])
    await expectProblem(await send(administrator, ['DELETE', path]), 'upload-offset-wrong')
    await expectProblem(await patch(path, file.length, new Uint8Array(0)), 'upload-offset-wrong')
  })

  it('can be cancelled', async () => {
    const path = pathOf(await create(administrator, 1000))
    expect((await send(administrator, ['DELETE', path])).status).toBe(204)
    expect((await send(administrator, ['HEAD', path])).status).toBe(404)
    await expectProblem(await patch(path, 0, new Uint8Array(10)), 'upload-not-found')
  })

  it('is refused without the right, without a name, with too many bytes, or with another protocol version', async () => {
    await expectProblem(await fetch(`${origin}/uploads`, { method: 'POST', headers: tus }), 'proof-required')
    await expectProblem(await create(visitor, 1000), 'not-permitted')
    await expectProblem(await create(administrator, maxUploadBytes + 1), 'body-too-large')
    for (const metadata of [
      'filename !!!',
      'filename',
      metadataOf('../..'),
      metadataOf('x'.repeat(2000)),
      `other ${Buffer.from('a').toString('base64')}`,
    ])
      await expectProblem(await create(administrator, 10, { 'upload-metadata': metadata }), 'invalid-request')
    await expectProblem(
      await send(administrator, ['POST', '/uploads'], {
        headers: { 'upload-defer-length': '1', 'upload-metadata': metadataOf('a') },
      }),
      'invalid-request',
    )
    await expectProblem(
      await create(administrator, 10, { 'tus-resumable': '0.2.0', 'upload-metadata': metadataOf('a') }),
      'invalid-request',
    )
    const path = pathOf(await create(administrator, 10))
    await expectProblem(await patch(path, 0, new Uint8Array(11)), 'body-too-large')
    await expectProblem(await patch(path, 0, new Uint8Array(17 * 1024 * 1024)), 'body-too-large')
    await expectProblem(await send(administrator, ['GET', path]), 'method-not-allowed')
    await expectProblem(await patch('/uploads/..%2fcatalog.sqlite', 0, new Uint8Array(1)), 'invalid-request')
    expect((await send(administrator, ['HEAD', path])).headers.get('upload-length')).toBe('10')
    await expectProblem(
      await fetch(origin + path, {
        method: 'DELETE',
        headers: { ...tus, ...(await administrator.credentials('PATCH', path)) },
      }),
      'proof-invalid',
    )
  })

  it('is one of a limited number', async () => {
    const started = await Promise.all(Array.from({ length: 8 }, () => create(administrator, 10)))
    let last = started.at(-1)
    for (let count = 0; count < maxOpenUploads && last?.status === 201; count += 1)
      last = await create(administrator, 10)
    await expectProblem(last ?? Response.error(), 'too-many-uploads')
  })
})

it('recovers complete uploads after a kill, and removes old incomplete ones', async () => {
  const { data } = world
  const [folder, done] = [join(data, 'later', 'uploads', 'open'), join(data, 'later', 'uploads', 'done')]
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(done, { recursive: true })])
  const [complete, moved, partial] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string]
  for (const id of [complete, moved, partial]) {
    const record = {
      id,
      size: 5,
      offset: 0,
      metadata: { filename: `${id[0] ?? ''}.wav`, account: 'x' },
      creation_date: new Date().toISOString(),
    }
    await writeFile(join(folder, `${id}.json`), JSON.stringify(record))
    await writeFile(join(folder, id), id === partial ? 'abc' : 'abcde')
  }
  await rename(join(folder, moved), join(done, moved))
  const later = await openTestServer({ dataFolder: join(data, 'later') })
  try {
    const client = await makeClient(later.origin, await makeDevice())
    await client.send('/api/claims', { code: later.claimCode })
    const { items } = ingestReportSchema.parse(await (await client.get('/api/ingest')).json())
    expect(items.map((item) => item.name).toSorted()).toEqual(['a.wav', 'b.wav'])
    expect((await readdir(done)).toSorted()).toEqual([complete, moved])
  } finally {
    await later.close()
  }
  const uploads = await openFsUploadStore(join(data, 'later', 'uploads'))
  await uploads.sweep(parseUnixMs(Date.now() + uploadLifetimeMs + 60_000))
  expect(await readdir(folder)).toEqual([])
  expect((await readdir(done)).toSorted()).toEqual([complete, moved])
})

it('keeps folders in names and removes unsafe parts', () => {
  expect(uploadName('Ann\\Rain/../01\u202e Drops.wav')).toBe('Ann/Rain/01 Drops.wav')
  expect(uploadName('../../etc/passwd')).toBe('etc/passwd')
  expect(uploadName('/')).toBe(undefined)
})
