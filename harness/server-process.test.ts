import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from './server-process.ts'

test('no port is given twice, and none that somebody listens on', async () => {
  const first = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(first + 1, '127.0.0.1', resolve))
  const others = [await freePort(), await freePort()]
  await new Promise((resolve) => server.close(resolve))
  expect(new Set([first, first + 1, ...others]).size).toBe(4)
})
