import { releaseSchema } from '@tonestead/protocol/catalog'
import { licenseGrantSchema } from '@tonestead/protocol/license'
import { afterAll, expect, it } from 'vitest'
import { publicationOf } from '../ports/publication.testkit.ts'
import { openTestServer } from '../server.testkit.ts'
import { expectProblem } from './claimed-server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

// A private track on a public release, as an upload with the tags of a public album makes one.

const mine = publicationOf({ title: 'Mine', release: 'Public', artist: 'Ann' })
const { origin, shown, claimCode, close } = await openTestServer({ extra: [mine] })
afterAll(close)
const visitor = await makeClient(origin, await makeDevice())
const administrator = await makeClient(origin, await makeDevice())
await administrator.send('/api/claims', { code: claimCode })

const releaseFor = async (client: typeof visitor) =>
  releaseSchema.parse(await (await client.get(`/api/releases/${mine.release.id}`)).json())

it('[CT2] shows each account its own tracks of the release', async () => {
  expect(await releaseFor(visitor)).toMatchObject({ isPublic: true, trackCount: 1, tracks: [{ title: 'Shown' }] })
  expect((await releaseFor(administrator)).tracks.map((track) => track.title).toSorted()).toEqual(['Mine', 'Shown'])
  await expectProblem(visitor.get(`/api/tracks/${mine.track.id}`), 'track-not-found')
})

it('gives no license, manifest or HLS link of the private track to an account without the right to listen', async () => {
  const recordings = [shown.recording.id, mine.recording.id]
  const grant = licenseGrantSchema.parse(await (await visitor.send('/api/licenses', { recordings })).json())
  expect(grant.denied).toEqual([mine.recording.id])
  await expectProblem(visitor.send('/api/hls-links', { recordingId: mine.recording.id }), 'recording-not-found')
  await expectProblem(visitor.get(`/api/recordings/${mine.recording.id}/manifest`), 'recording-not-found')
  expect((await visitor.send('/api/hls-links', { recordingId: shown.recording.id })).status).toBe(200)
})

it('lets only the administrator confirm that missing files were deleted', async () => {
  await expectProblem(visitor.send('/api/ingest/withdrawals', {}), 'not-permitted')
  const answer = await administrator.send('/api/ingest/withdrawals', {})
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ withdrawn: 0 })
})
