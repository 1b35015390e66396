import { afterAll, expect, it } from 'vitest'
import { openServerProcess } from '../server-process.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'
import { openSocket, rawRequest } from './raw-request.testkit.ts'

const server = await openServerProcess()
afterAll(() => server.close())
const client = await makeClient(server.origin, await makeDevice())
await client.send('/api/claims', { code: server.claimCode })

const writers = 40
const partBytes = 16 * 1024 * 1024
/** The library's own locker took 2500 MB here. */
const maxGrowthMegabytes = 200

const createUpload = async (): Promise<string> => {
  const created = await fetch(`${server.origin}/uploads`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      ...(await client.credentials('POST', '/uploads')),
      'upload-length': String(2 * partBytes),
      'upload-metadata': `filename ${Buffer.from('a.wav').toString('base64')}`,
    },
  })
  return created.headers.get('location') ?? ''
}

/** Sends the headers and a little of the body, and then nothing more. */
const startSlowPatch = async (target: string) => {
  const headers = {
    'tus-resumable': '1.0.0',
    'content-type': 'application/offset+octet-stream',
    'upload-offset': '0',
    'content-length': String(partBytes),
    ...(await client.credentials('PATCH', target)),
  }
  const socket = openSocket(server.origin)
  let answer = ''
  socket.on('data', (data) => {
    answer += data.toString()
  })
  socket.write(rawRequest({ method: 'PATCH', target, headers }))
  socket.write(Buffer.alloc(64 * 1024, 1))
  return { socket, status: () => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none' }
}

it('answers 423 to all but one of 40 slow writers of one upload, with bounded memory', async () => {
  const target = await createUpload()
  const before = await server.memoryMegabytes()
  const patches = await Promise.all(Array.from({ length: writers }, () => startSlowPatch(target)))
  const statuses = (): string[] => patches.map((patch) => patch.status()).toSorted()
  const expected = [...Array.from({ length: writers - 1 }, () => '423'), 'none']
  let peak = before
  await expect
    .poll(
      async () => {
        peak = Math.max(peak, await server.memoryMegabytes())
        return statuses()
      },
      { timeout: 20_000, interval: 200 },
    )
    .toEqual(expected)
  console.log(`memory of the server: ${before.toFixed(0)} MB before, ${peak.toFixed(0)} MB at most`)
  expect(peak - before).toBeLessThan(maxGrowthMegabytes)
  for (const patch of patches) patch.socket.destroy()
  // A client that comes back asks for the offset: it waits for the writer that has gone, or makes it end.
  const resumed = await fetch(server.origin + target, {
    method: 'HEAD',
    headers: { 'tus-resumable': '1.0.0', ...(await client.credentials('HEAD', target)) },
  })
  expect(resumed.status).toBe(200)
})
