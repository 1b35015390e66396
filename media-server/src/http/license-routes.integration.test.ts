import { toHex } from '@tonestead/protocol/bytes'
import { openChunk } from '@tonestead/protocol/chunk'
import { hlsLinkSchema, licenseGrantSchema, openLicense, readLicense } from '@tonestead/protocol/license'
import { decodeManifestTail } from '@tonestead/protocol/manifest'
import { aacRenditions } from '@tonestead/protocol/rendition'
import { readSegmentFrames } from '@tonestead/protocol/segment'
import { afterAll, describe, expect, it } from 'vitest'
import { alterAt, expectProblem, openClaimedServer } from './claimed-server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const { origin, shown, hidden, visitor, administrator, serverKey, headOf, firstChunk, close } =
  await openClaimedServer()
afterAll(close)

describe('licenses', () => {
  it('decrypt the chunks that the account may hear, on this device only, and name what is denied', async () => {
    const device = await makeDevice()
    const client = await makeClient(origin, device)
    const answer = await client.send('/api/licenses', {
      recordings: [shown.recording.id, hidden.recording.id, shown.recording.id],
    })
    const { license: jws, denied } = licenseGrantSchema.parse(await answer.json())
    expect(denied).toEqual([hidden.recording.id])
    const license = await readLicense(serverKey, jws)
    if (license === undefined) throw new Error('the signature of the license is wrong')
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

  it('contain everything for an administrator, and up to 10 000 recordings in one request', async () => {
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

describe('HLS links', () => {
  it('give playlists, init segment and key, and only with an unaltered capability', async () => {
    const link = hlsLinkSchema.parse(
      await (await visitor.send('/api/hls-links', { recordingId: shown.recording.id })).json(),
    )
    expect(link.lossless).toBeUndefined()
    const master = await (await fetch(origin + link.master)).text()
    expect(master.match(/^aac-\d+\.m3u8$/gm)).toEqual(aacRenditions.map((name) => `${name}.m3u8`))
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
    const [, , capability = ''] = link.master.split('/')
    await expectProblem(fetch(`${origin}/hls/${alterAt(capability, -1)}/key`), 'capability-invalid')
  })

  it('need the right to play elsewhere for what is not public', async () => {
    await expectProblem(visitor.send('/api/hls-links', { recordingId: hidden.recording.id }), 'recording-not-found')
    expect((await administrator.send('/api/hls-links', { recordingId: hidden.recording.id })).status).toBe(200)
  })
})
