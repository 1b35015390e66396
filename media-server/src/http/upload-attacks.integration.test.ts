import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { problemSchema } from '@tonestead/protocol/problem'
import { maxOpenUploads } from '@tonestead/protocol/upload'
import { afterAll, describe, expect, it } from 'vitest'
import { openClaimedServer } from './claimed-server.testkit.ts'
import { defaultLimits, scaleLimits } from './limits.ts'
import { rawRequest, sendRaw } from './raw-request.testkit.ts'

const { origin, data, administrator, close } = await openClaimedServer({
  // More than the 64 requests that one peer may have open, so that the limit of uploads is what is tested.
  requestLimits: scaleLimits(defaultLimits, 10),
})
afterAll(close)

const tus = { 'tus-resumable': '1.0.0' }
const create = async (sizeBytes: number): Promise<Response> =>
  fetch(`${origin}/uploads`, {
    method: 'POST',
    headers: {
      ...tus,
      ...(await administrator.credentials('POST', '/uploads')),
      'upload-length': String(sizeBytes),
      'upload-metadata': `filename ${Buffer.from('a.wav').toString('base64')}`,
    },
  })
const idOf = (response: Response): string => {
  expect(response.status).toBe(201)
  return (response.headers.get('location') ?? '').slice('/uploads/'.length)
}
const openIds = async (): Promise<string[]> =>
  (await readdir(join(data, 'uploads', 'open')))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -5))
const remove = async (id: string): Promise<number> =>
  (
    await fetch(`${origin}/uploads/${id}`, {
      method: 'DELETE',
      headers: { ...tus, ...(await administrator.credentials('DELETE', `/uploads/${id}`)) },
    })
  ).status

describe('the id of an upload', () => {
  it('is taken from the path alone: no other spelling of the address reaches an upload', async () => {
    const [own, other] = [idOf(await create(10)), idOf(await create(10))]
    const targets = [
      `/uploads/${own}?/${other}`,
      `/uploads/${own}?x=/${other}`,
      `/uploads/${own};/${other}`,
      `/uploads/${own}/${other}`,
      `/uploads/${own}%2F${other}`,
      `/uploads/${own}%2f..%2f${other}`,
      `/uploads/${own}/../${other}`,
      `/uploads/${own}/%2e%2e/${other}`,
      `/uploads//${other}`,
      `//uploads/${other}`,
      `/uploads/${other}/`,
      `/uploads/${own}#/${other}`,
      `/uploads/${own}\\${other}`,
      `/uploads/${other.toUpperCase()}x`,
      `http://localhost/uploads/${own}?/${other}`,
    ]
    for (const target of targets)
      for (const method of ['DELETE', 'PATCH', 'HEAD']) {
        // The proof is for the path as the server would read it: with and without the part after "?" or "#".
        const path = new URL(target, 'http://localhost').pathname
        const credentials = await administrator.credentials(method, path)
        const answer = await sendRaw(origin, rawRequest({ method, target, headers: { ...tus, ...credentials } }))
        expect(answer, `${method} ${target}`).toMatch(/^HTTP\/1\.1 (?:400|404) /)
        expect((await openIds()).toSorted(), `${method} ${target}`).toEqual([own, other].toSorted())
      }
    expect([await remove(own), await remove(other)]).toEqual([204, 204])
  })
})

describe('the limits of unfinished uploads', () => {
  it('hold when 100 begin at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => create(1000)))
    const accepted = answers.filter((answer) => answer.status === 201)
    expect(accepted).toHaveLength(maxOpenUploads)
    for (const answer of answers.filter((each) => each.status !== 201))
      expect(problemSchema.parse(await answer.json()).code).toBe('too-many-uploads')
    expect(await openIds()).toHaveLength(maxOpenUploads)
    for (const answer of accepted) expect(await remove(idOf(answer))).toBe(204)
    const again = await create(1000)
    expect(await remove(idOf(again))).toBe(204)
  })
})
