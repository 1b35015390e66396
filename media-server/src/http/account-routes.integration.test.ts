import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { alterAt, expectProblem } from './claimed-server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const world = await openTestServer()
afterAll(() => world.close())
const { origin, shown, hidden } = world
const visitor = await makeClient(origin, await makeDevice())
const administrator = await makeClient(origin, await makeDevice())

describe('claims', () => {
  it('need the code from the console, and succeed once', async () => {
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

describe('signed requests', () => {
  it('see everything with the right to listen, else only what is public', async () => {
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
    const request = async (claims: object, method = 'GET', of = path) =>
      fetch(origin + path, { headers: { ...good, dpop: await visitor.prove(method, of, { ath, ...claims }) } })
    await expectProblem(request({ iat: Math.floor(Date.now() / 1000) - 3600 }), 'clock-skewed')
    await expectProblem(request({ iat: Math.floor(Date.now() / 1000) + 3600 }), 'clock-skewed')
    await expectProblem(request({}, 'POST'), 'proof-invalid')
    await expectProblem(request({}, 'GET', '/api/tracks'), 'proof-invalid')
    await expectProblem(request({ aud: 'another server' }), 'proof-invalid')
    await expectProblem(request({ ath: 'wrong' }), 'proof-invalid')
    const stolen = await fetch(origin + path, {
      headers: { ...good, dpop: await administrator.prove('GET', path, { ath }) },
    })
    await expectProblem(stolen, 'proof-invalid')
    // The last character of a base64url signature has bits that decoders ignore, so an earlier one is altered.
    const forged = alterAt(await visitor.prove('GET', path, { ath }), -10)
    for (const dpop of ['', 'x', 'a.b.c', forged])
      await expectProblem(fetch(origin + path, { headers: { ...good, dpop } }), 'proof-invalid')
    for (const authorization of ['Bearer x', 'DPoP not-a-token', 'DPoP']) {
      const answer = await fetch(origin + path, {
        headers: { authorization, dpop: await visitor.prove('GET', path, { ath }) },
      })
      expect(answer.status).toBe(401)
    }
  })

  it('open sessions only for a device in the signed device log', async () => {
    const other = await makeDevice()
    const proof = await visitor.prove('POST', '/api/sessions')
    await expectProblem(visitor.post('/api/sessions', { deviceLog: other.deviceLog }, { dpop: proof }), 'proof-invalid')
    await expectProblem(
      visitor.post('/api/sessions', { deviceLog: ['a.b.c'] }, { dpop: await visitor.prove('POST', '/api/sessions') }),
      'proof-invalid',
    )
    await expectProblem(visitor.post('/api/sessions', { deviceLog: other.deviceLog }, {}), 'proof-required')
  })

  it('are limited to five devices of one account', async () => {
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
    ] as const) {
      await expectProblem(fetch(`${origin}/api/${kind}/etc`), code)
      await expectProblem(fetch(`${origin}/api/${kind}/..%2f..%2fetc`), 'invalid-request')
    }
  })
})
