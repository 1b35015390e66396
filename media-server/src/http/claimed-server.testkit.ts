import { openManifestHead } from '@tonestead/protocol/manifest'
import { problemSchema, type ProblemCode } from '@tonestead/protocol/problem'
import { expect } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

/** A test server with two accounts: `visitor` has no rights, `administrator` has them all. */
export const openClaimedServer = async (options: Parameters<typeof openTestServer>[0] = {}) => {
  const world = await openTestServer(options)
  const visitor = await makeClient(world.origin, await makeDevice())
  const administrator = await makeClient(world.origin, await makeDevice())
  const claimed = await administrator.send('/api/claims', { code: world.claimCode })
  expect(claimed.status).toBe(200)
  const serverKey = await crypto.subtle.importKey('jwk', visitor.server.signingKey, 'Ed25519', true, ['verify'])
  const headOf = async (publication: typeof world.shown) => {
    const head = await openManifestHead(crypto.subtle, serverKey, publication.recording.heads.aac)
    if (head === undefined) throw new Error('the signature of the head is wrong')
    return head
  }
  const firstChunk = async () => (await headOf(world.shown)).renditions[0]?.first[0]?.id ?? ''
  return { ...world, visitor, administrator, serverKey, headOf, firstChunk }
}

export const expectProblem = async (answer: Promise<Response> | Response, code: ProblemCode): Promise<void> => {
  const response = await answer
  const body = problemSchema.parse(await response.json())
  expect(body.code).toBe(code)
  expect(response.status).toBe(body.status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(JSON.stringify(body)).not.toMatch(/\.ts:|node_modules|\\n +at /)
}

/** Another text of the same length: the character at `index` is replaced by a different one. */
export const alterAt = (text: string, index: number): string => {
  const at = index < 0 ? text.length + index : index
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}
