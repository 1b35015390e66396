import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
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
import { refuseWithoutRoom } from './upload-routes.ts'

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
const begin = async (
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
const located = (response: Response): string => {
  expect(response.status).toBe(201)
  const path = response.headers.get('location') ?? ''
  expect(path).toMatch(/^\/uploads\/[0-9a-f]{32}$/)
  return path
}

/** A request that is cut off after so many bytes. */
const sendAndCut = async (path: string, body: Uint8Array, cutAfter: number): Promise<void> => {
  const headers = {
    ...part,
    ...(await administrator.credentials('PATCH', path)),
    'upload-offset': '0',
    'content-length': String(body.length),
  }
  const sending = request(origin + path, { method: 'PATCH', headers })
  const gone = new Promise<void>((resolve) => {
    sending.on('error', () => undefined)
    sending.on('close', resolve)
  })
  await new Promise<void>((resolve) => sending.write(body.subarray(0, cutAfter), () => resolve()))
  await new Promise((resolve) => setTimeout(resolve, 100))
  sending.destroy()
  await gone
}

describe('an upload', () => {
  it('goes on where it was cut, is kept whole under a name of ours, and waits for ingest', async () => {
    const file = new Uint8Array(randomBytes(3_000_000))
    const path = located(await begin(administrator, file.length))
    await sendAndCut(path, file, 1_500_000)
    const offset = await offsetOf(path)
    expect(offset).toBeGreaterThan(0)
    expect(offset).toBeLessThan(file.length)
    await expectProblem(await patch(path, 0, file), 'upload-offset-wrong')
    const last = await patch(path, offset, file.slice(offset))
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(file.length)])
    const kept = await readFile(join(world.data, 'uploads', 'done', path.slice('/uploads/'.length)))
    expect(createHash('sha256').update(kept).digest('hex')).toBe(createHash('sha256').update(file).digest('hex'))
    expect(await offsetOf(path)).toBe(file.length)
    const { items } = ingestReportSchema.parse(await (await administrator.get('/api/ingest')).json())
    expect(items.map((item) => item.name)).toEqual(['Ann/Rain/01 Drops.wav'])
    await expectProblem(await send(administrator, ['DELETE', path]), 'upload-offset-wrong')
    await expectProblem(await patch(path, file.length, new Uint8Array(0)), 'upload-offset-wrong')
  })

  it('can be given up', async () => {
    const path = located(await begin(administrator, 1000))
    expect((await send(administrator, ['DELETE', path])).status).toBe(204)
    expect((await send(administrator, ['HEAD', path])).status).toBe(404)
    await expectProblem(await patch(path, 0, new Uint8Array(10)), 'upload-not-found')
  })

  it('is refused without the right, without a name, with too many bytes, or in another dialect', async () => {
    await expectProblem(await fetch(`${origin}/uploads`, { method: 'POST', headers: tus }), 'proof-required')
    await expectProblem(await begin(visitor, 1000), 'not-permitted')
    await expectProblem(await begin(administrator, maxUploadBytes + 1), 'body-too-large')
    for (const metadata of [
      'filename !!!',
      'filename',
      metadataOf('../..'),
      metadataOf('x'.repeat(2000)),
      `other ${Buffer.from('a').toString('base64')}`,
    ])
      await expectProblem(await begin(administrator, 10, { 'upload-metadata': metadata }), 'invalid-request')
    await expectProblem(
      await send(administrator, ['POST', '/uploads'], {
        headers: { 'upload-defer-length': '1', 'upload-metadata': metadataOf('a') },
      }),
      'invalid-request',
    )
    await expectProblem(
      await begin(administrator, 10, { 'tus-resumable': '0.2.0', 'upload-metadata': metadataOf('a') }),
      'invalid-request',
    )
    const path = located(await begin(administrator, 10))
    await expectProblem(await patch(path, 0, new Uint8Array(11)), 'body-too-large')
    await expectProblem(await patch(path, 0, new Uint8Array(17 * 1024 * 1024)), 'body-too-large')
    await expectProblem(await send(administrator, ['GET', path]), 'method-not-allowed')
    await expectProblem(await patch('/uploads/..%2fcatalog.sqlite', 0, new Uint8Array(1)), 'upload-not-found')
    expect((await send(administrator, ['HEAD', path])).headers.get('upload-length')).toBe('10')
    await expectProblem(
      await fetch(origin + path, {
        method: 'DELETE',
        headers: { ...tus, ...(await administrator.credentials('PATCH', path)) },
      }),
      'proof-invalid',
    )
  })

  it('is one of a bounded number', async () => {
    const began = await Promise.all(Array.from({ length: 8 }, () => begin(administrator, 10)))
    let last = began.at(-1)
    for (let count = 0; count < maxOpenUploads && last?.status === 201; count += 1)
      last = await begin(administrator, 10)
    await expectProblem(last ?? Response.error(), 'too-many-uploads')
  })
})

it('a server without room says so', () => {
  expect(() => refuseWithoutRoom(2 ** 30, 2 ** 29)).toThrow(expect.objectContaining({ code: 'storage-full' }))
  expect(() => refuseWithoutRoom(2 ** 20, 2 ** 40)).not.toThrow()
})

it('a run that was killed after the last byte loses nothing; what is old and not whole is swept', async () => {
  const { data } = world
  const [folder, done] = [join(data, 'later', 'uploads', 'open'), join(data, 'later', 'uploads', 'done')]
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(done, { recursive: true })])
  const [whole, moved, partial] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string]
  for (const id of [whole, moved, partial]) {
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
    expect((await readdir(done)).toSorted()).toEqual([whole, moved])
  } finally {
    await later.close()
  }
  const uploads = await openFsUploadStore(join(data, 'later', 'uploads'))
  await uploads.sweep(parseUnixMs(Date.now() + uploadLifetimeMs + 60_000))
  expect(await readdir(folder)).toEqual([])
  expect((await readdir(done)).toSorted()).toEqual([whole, moved])
})

it('names keep their folders and lose what could lead astray', () => {
  expect(uploadName('Ann\\Rain/../01\u202e Drops.wav')).toBe('Ann/Rain/01 Drops.wav')
  expect(uploadName('../../etc/passwd')).toBe('etc/passwd')
  expect(uploadName('/')).toBe(undefined)
})
