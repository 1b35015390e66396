import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { releaseSchema, releasePageSchema } from '@tonestead/protocol/catalog'
import { ingestReportSchema } from '@tonestead/protocol/ingest'
import { hlsLinkSchema, licenseGrantSchema } from '@tonestead/protocol/license'
import { afterAll, describe, expect, it } from 'vitest'
import { synthRateHz } from '../demo/synth.ts'
import { writeWav } from '../demo/write-wav.ts'
import { transcodersHere } from '../ingest/ingest.testkit.ts'
import { openTestServer } from '../server.testkit.ts'
import { expectProblem } from './claimed-server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

// Uploads with the tags of a public album, private and public, through the real server and its real ingest worker.

/** A tone of two seconds, tagged as a track of the album. */
const trackOf = (title: string, position: number): Uint8Array<ArrayBuffer> => {
  const tone = Float32Array.from({ length: 2 * synthRateHz }, (_, at) => Math.sin(at * 0.01 * (position + 1)) / 4)
  return writeWav(
    { left: tone, right: tone },
    { TIT2: title, TPE1: 'Ann', TPE2: 'Ann', TALB: 'Album', TRCK: String(position) },
  )
}
const base64 = (text: string): string => Buffer.from(text).toString('base64')
type Client = Awaited<ReturnType<typeof makeClient>>

describe.skipIf((await transcodersHere()).length === 0)('an upload with the tags of a public album', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tonestead-publicness-'))
  const [music, data] = [join(root, 'music'), join(root, 'data')]
  await mkdir(music)
  await writeFile(join(music, '1.wav'), trackOf('Of the folder', 1))
  const device = await makeDevice()
  const start = async (dataFolder: string) => {
    const server = await openTestServer({ dataFolder, folders: [music], areFoldersPublic: true })
    return { ...server, owner: await makeClient(server.origin, device) }
  }
  let world = await start(data)
  const visitor = await makeClient(world.origin, await makeDevice())
  await world.owner.send('/api/claims', { code: world.claimCode })
  afterAll(async () => {
    await world.close()
    await rm(root, { recursive: true, force: true })
  })

  type Sent = { readonly headers: Record<string, string>; readonly body?: Uint8Array<ArrayBuffer> }
  const send = async (method: string, path: string, { headers, body }: Sent) =>
    fetch(world.origin + path, {
      method,
      headers: { 'tus-resumable': '1.0.0', ...(await world.owner.credentials(method, path)), ...headers },
      ...(body === undefined ? {} : { body }),
    })
  const create = (sizeBytes: number, metadata: string): Promise<Response> =>
    send('POST', '/uploads', {
      headers: {
        'upload-length': String(sizeBytes),
        'upload-metadata': `filename ${base64('a.wav')}${metadata}`,
      },
    })
  const patch = (path: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    send('PATCH', path, {
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
      body,
    })
  const isForEveryone = `,public ${base64('1')}`
  const upload = async (file: Uint8Array<ArrayBuffer>, metadata = ''): Promise<void> => {
    const created = await create(file.length, metadata)
    expect(created.status).toBe(201)
    expect((await patch(created.headers.get('location') ?? '', file)).status).toBe(204)
  }
  const untilPublished = (count: number) =>
    expect
      .poll(
        async () =>
          ingestReportSchema
            .parse(await (await world.owner.get('/api/ingest')).json())
            .items.filter(({ state }) => state.kind === 'published').length,
        { timeout: 60_000 },
      )
      .toBe(count)
  const tracksFor = async (get: Client['get']) => {
    const { items } = releasePageSchema.parse(await (await get('/api/releases')).json())
    const album = items.find(({ title }) => title === 'Album')
    return album === undefined ? [] : releaseSchema.parse(await (await get(`/api/releases/${album.id}`)).json()).tracks
  }
  const titlesFor = async (get: Client['get']) => (await tracksFor(get)).map(({ title }) => title)
  const asStranger: Client['get'] = (path) => fetch(world.origin + path)

  it('[CT1] [CT16] belongs to those for whom its uploader has chosen it: in the catalog, by license and by HLS link', async () => {
    await upload(trackOf('Mine', 2))
    await upload(trackOf('For everyone', 3), isForEveryone)
    await untilPublished(3)
    expect(await titlesFor(asStranger)).toEqual(['Of the folder', 'For everyone'])
    expect(await titlesFor(world.owner.get)).toEqual(['Of the folder', 'Mine', 'For everyone'])
    const [folder, mine, everyone] = (await tracksFor(world.owner.get)).map((track) => track.recordingId)
    const recordings = [folder, mine, everyone]
    const grant = licenseGrantSchema.parse(await (await visitor.send('/api/licenses', { recordings })).json())
    expect(grant.denied).toEqual([mine])
    await expectProblem(visitor.send('/api/hls-links', { recordingId: mine }), 'recording-not-found')
    const link = hlsLinkSchema.parse(await (await visitor.send('/api/hls-links', { recordingId: everyone })).json())
    expect((await fetch(world.origin + link.master)).status).toBe(200)
  })

  it('[CT16] can be public only for an account with the right to publish', async () => {
    const open = await create(10, isForEveryone)
    expect(open.status).toBe(201)
    for (const wrong of [`,public ${base64('yes')}`, ',public'])
      await expectProblem(create(10, wrong), 'invalid-request')
    const database = new DatabaseSync(join(data, 'catalog.sqlite'))
    database.exec(`DELETE FROM account_rights WHERE right = 'publish'`)
    database.close()
    await expectProblem(create(10, isForEveryone), 'not-permitted')
    await expectProblem(patch(open.headers.get('location') ?? '', new Uint8Array(10)), 'not-permitted')
    expect((await create(10, '')).status).toBe(201)
  })

  it('[CT16] keeps its track and its publicness when the data folder is moved', async () => {
    const seen = async () =>
      [await tracksFor(asStranger), await tracksFor(world.owner.get)].map((tracks) =>
        tracks
          .filter(({ title }) => title !== 'Mine too')
          .map(({ id, recordingId, title }) => ({ id, recordingId, title })),
      )
    const before = await seen()
    await world.close()
    await rename(data, join(root, 'moved'))
    world = await start(join(root, 'moved'))
    // Names the release as the album once more, so that it is derived again.
    await upload(trackOf('Mine too', 4))
    await untilPublished(4)
    expect(await seen()).toEqual(before)
  })
})
