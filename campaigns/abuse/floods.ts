import { randomBytes } from 'node:crypto'
import { makeClient, makeDevice } from '../../media-server/src/http/device.testkit.ts'
import { openSocket, rawRequest } from '../../media-server/src/http/raw-request.testkit.ts'
import { call, flood } from './raw-client.ts'

type Client = Awaited<ReturnType<typeof makeClient>>
export type Target = {
  readonly origin: string
  /** Has every right. */
  readonly administrator: Client
  /** A self-made account without rights. */
  readonly stranger: Client
  /** The path of a playlist of 10.8 hours. */
  readonly playlist: string
}

export type Flood = { readonly name: string; readonly run: (target: Target) => Promise<Map<number, number>> }

const from = '127.0.0.1'
const seconds = 10
const tus = { 'tus-resumable': '1.0.0' }
const partBytes = 16 * 1024 * 1024

const signed = async (target: Target, client: Client, [method, path]: readonly [string, string]): Promise<number> =>
  (
    await call({
      origin: target.origin,
      method,
      path,
      headers: { ...(await client.credentials(method, path)), 'content-length': '0' },
      from,
    })
  ).status

const createUpload = async ({ origin, administrator }: Target): Promise<Response> =>
  fetch(`${origin}/uploads`, {
    method: 'POST',
    headers: {
      ...tus,
      ...(await administrator.credentials('POST', '/uploads')),
      'upload-length': String(2 * partBytes),
      'upload-metadata': `filename ${Buffer.from('a.wav').toString('base64')}`,
    },
  })

const removeUpload = async ({ origin, administrator }: Target, path: string): Promise<void> => {
  await fetch(origin + path, {
    method: 'DELETE',
    headers: { ...tus, ...(await administrator.credentials('DELETE', path)) },
  })
}

const slowPatches = async (target: Target): Promise<Map<number, number>> => {
  const path = (await createUpload(target)).headers.get('location') ?? ''
  const statuses = new Map<number, number>()
  const sockets = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const headers = {
        ...tus,
        ...(await target.administrator.credentials('PATCH', path)),
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'content-length': String(partBytes),
      }
      const socket = openSocket(target.origin)
      socket.once('data', (data) => {
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1] ?? 0)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      })
      socket.write(rawRequest({ method: 'PATCH', target: path, headers }))
      return socket
    }),
  )
  for (let count = 0; count < 10 * seconds; count += 1) {
    for (const socket of sockets) if (socket.writable) socket.write(Buffer.alloc(4096, 1))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const socket of sockets) socket.destroy()
  await removeUpload(target, path)
  return statuses
}

const manyUploads = async (target: Target): Promise<Map<number, number>> => {
  const created: string[] = []
  const statuses = await flood({ count: 300, atOnce: 100, seconds }, async () => {
    const response = await createUpload(target)
    await response.text()
    const path = response.headers.get('location')
    if (path !== null) created.push(path)
    return response.status
  })
  for (const path of created) await removeUpload(target, path)
  return statuses
}

const idleConnections = async ({ origin }: Target): Promise<Map<number, number>> => {
  const sockets = Array.from({ length: 2000 }, () => openSocket(origin))
  await new Promise((resolve) => setTimeout(resolve, 5000))
  const open = sockets.filter((socket) => !socket.destroyed && socket.readable).length
  for (const socket of sockets) socket.destroy()
  return new Map([
    [0, sockets.length - open],
    [200, open],
  ])
}

/** Each is bounded in number and in time. */
export const floods: readonly Flood[] = [
  { name: 'nothing', run: () => new Promise((resolve) => setTimeout(resolve, 5000, new Map())) },
  {
    name: 'signed requests that are refused (403)',
    run: (target) =>
      flood({ count: 5000, atOnce: 32, seconds }, () => signed(target, target.stranger, ['POST', '/api/ingest/scans'])),
  },
  {
    name: 'proofs that are not valid',
    run: ({ origin }) =>
      flood({ count: 5000, atOnce: 32, seconds }, async () => {
        const headers = { authorization: 'DPoP x', dpop: 'a.b.c' }
        return (await call({ origin, method: 'GET', path: '/api/releases', headers, from })).status
      }),
  },
  {
    name: 'sessions of new accounts',
    run: ({ origin }) =>
      flood({ count: 300, atOnce: 32, seconds }, async () => {
        const client = await makeClient(origin, await makeDevice()).catch(() => undefined)
        // The address of the server is limited too.
        return client === undefined ? 429 : (await client.openSession()).status
      }),
  },
  { name: '40 slow PATCHes of one upload', run: slowPatches },
  { name: '300 uploads that begin, 100 at once', run: manyUploads },
  {
    name: 'playlists of 10.8 hours, 20 at once',
    run: ({ origin, playlist }) =>
      flood(
        { count: 400, atOnce: 20, seconds },
        async () => (await call({ origin, method: 'GET', path: playlist, from })).status,
      ),
  },
  {
    name: 'searches, 64 at once',
    run: ({ origin }) =>
      flood({ count: 20_000, atOnce: 64, seconds }, async () => {
        const path = `/api/search?q=${randomBytes(4).toString('hex')}`
        return (await call({ origin, method: 'GET', path, from })).status
      }),
  },
  {
    name: 'chunks that do not exist, 64 at once',
    run: ({ origin }) =>
      flood({ count: 20_000, atOnce: 64, seconds }, async () => {
        const path = `/chunks/${randomBytes(32).toString('hex')}`
        return (await call({ origin, method: 'GET', path, from })).status
      }),
  },
  { name: '2000 idle connections', run: idleConnections },
]
