import { parseRecordingId } from '@tonestead/crdt/ids'
import { expect, test } from 'vitest'
import type { ApiRequest, SignedClient } from '../account/signed-client.ts'
import { createHlsPath } from './hls-path.ts'

const recordingId = parseRecordingId('c'.repeat(26))
const never = new AbortController().signal

const ask = (world: { canPlay: boolean; answer: unknown }) => {
  const requests: ApiRequest[] = []
  const client = { request: async (request: ApiRequest) => (requests.push(request), world.answer) } as unknown as SignedClient
  return createHlsPath({ client, output: { canPlay: () => world.canPlay } })(recordingId, never).then((path) => ({ path, requests }))
}

test('is the playlist of this recording where the element plays HLS and the account may take it elsewhere', async () => {
  const { path, requests } = await ask({ canPlay: true, answer: { kind: 'ready', value: { master: '/hls/x/master.m3u8', expiresAt: 1 } } })
  expect(path).toBe('/hls/x/master.m3u8')
  expect(requests).toMatchObject([{ method: 'POST', path: '/api/hls-links', body: { recordingId } }])
})
test('is asked for nothing where the element plays no HLS', async () => {
  expect(await ask({ canPlay: false, answer: { kind: 'ready', value: { master: '/x', expiresAt: 1 } } })).toEqual({ path: undefined, requests: [] })
})
test.each([{ kind: 'offline' }, { kind: 'problem', code: 'not-permitted', title: 'No' }])('is none when the answer is %o: the track is read as a whole then', async (answer) => {
  expect((await ask({ canPlay: true, answer })).path).toBeUndefined()
})
