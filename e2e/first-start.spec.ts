import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { claimCodeOf, createDevice } from '../harness/device.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

// Pages that were opened before the server had any music.

describe.skipIf(chromiumPath === undefined)('the first start', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let context: BrowserContext

  beforeAll(async () => {
    folder = await temporaryFolder('first-start')
    await mkdir(join(folder.path, 'music'))
    server = await startServer({
      data: join(folder.path, 'data'),
      port: await freePort(),
      args: ['--no-demo', '--public', join(folder.path, 'music')],
    })
    context = await openDevice({ profile: join(folder.path, 'profile') })
  })
  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('the first music appears by itself on the home page and in the library, and can be played', async () => {
    const [home, releases, tracks] = [await context.newPage(), await context.newPage(), await context.newPage()]
    await home.goto(server.origin)
    await releases.goto(`${server.origin}/library/releases`)
    await tracks.goto(`${server.origin}/library/tracks`)
    for (const page of [home, releases, tracks])
      await page.getByRole('heading', { name: 'No music here yet' }).waitFor()

    const administrator = await createDevice(server.origin, await claimCodeOf(server))
    await writeWav(join(folder.path, 'music', 'First.wav'), makeSound(20, 1))
    await administrator.request('POST', '/api/ingest/scans')

    await home.bringToFront()
    const card = home.getByRole('region', { name: 'Listen now' })
    await card.getByRole('button', { name: 'Play', exact: true }).click({ timeout: 60_000 })
    await card.getByRole('button', { name: 'Pause', exact: true }).waitFor()
    await home.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).waitFor()
    await releases.bringToFront()
    await releases.getByRole('main').getByRole('link').first().waitFor({ timeout: 60_000 })
    await releases.getByRole('button', { name: /^Play ./ }).waitFor({ state: 'attached' })
    await tracks.bringToFront()
    await tracks.getByRole('button', { name: 'Play First', exact: true }).waitFor({ timeout: 60_000 })
  })
})
