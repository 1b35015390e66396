import { afterAll, expect, it } from 'vitest'
import { openTestServer } from '../server.testkit.ts'
import { rawRequest, sendRaw } from './raw-request.testkit.ts'
import { checkRequestTarget } from './request-target.ts'

const world = await openTestServer()
afterAll(() => world.close())

it.each([
  '/hls/../api/server',
  '/hls/%2e%2e/api/server',
  '/hls/.%2E/api/server',
  '/api/./server',
  '/api/server/..',
  '/api%2fserver',
  '/api\\server',
  '/api%5Cserver',
  '//api/server',
  '/api//server',
  '/api/server%00',
  '/api/%zz',
  '/api/server#/x',
  '/%75ploads/x',
  '/uploads/',
  '/uploads?x',
  'http://localhost/api/server',
  '*',
])('refuses the raw target %s', async (target) => {
  expect(await sendRaw(world.origin, rawRequest({ method: 'GET', target }))).toContain('"code":"invalid-request"')
})

it.each([
  '/',
  '/api/tracks?q=a/../b%2f',
  '/releases/x.y',
  '/a..b/...',
  '/assets/x-%C3%A9.js',
  `/uploads/${'0'.repeat(32)}`,
])('accepts the target %s', (target) => {
  expect(() => {
    checkRequestTarget(target)
  }).not.toThrow()
})

it('refuses two Host headers, also when they are the same', async () => {
  for (const second of ['localhost', 'evil.example'])
    expect(
      await sendRaw(world.origin, rawRequest({ method: 'GET', target: '/api/server', headers: { HOST: second } })),
    ).toContain('"code":"invalid-request"')
})
