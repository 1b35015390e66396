import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort, startServer, untilPublished, type RunningServer } from '../harness/server-process.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// A real server, whose objects are damaged on disk while it is stopped.

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let data: string
let music: string
let port: number
let server: RunningServer | undefined

const start = async (): Promise<RunningServer> => {
  server = await startServer({ data, port, args: ['--no-demo', '--public', music] })
  return server
}
const scrub = (): Promise<{ code: number; text: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'run.mjs'), 'scrub', '--data', data],
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    )
  })
const objectFiles = async (): Promise<string[]> =>
  (await readdir(join(data, 'objects'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name) && !entry.parentPath.endsWith('damaged'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
const soundObjects = async (): Promise<string[]> => {
  const files = await objectFiles()
  const bytes = await Promise.all(files.map((file) => readFile(file)))
  return files.filter((file, index) =>
    file.endsWith(
      createHash('sha256')
        .update(bytes[index] ?? '')
        .digest('hex'),
    ),
  )
}
const nameOf = (file: string): string => file.slice(-64)
const readyz = async () =>
  (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
    status: string
    objects: { state: string; recordingsToMakeAgain: number; recordingsLost: number }
  }
const tracks = async () =>
  (await (await fetch(`http://127.0.0.1:${port}/api/tracks`)).json()) as { items: { id: string }[] }

/** Every third object is deleted, truncated or altered: chunks, tails, waveforms and parts of masters. */
const damageObjects = async (files: readonly string[]): Promise<{ altered: string }> => {
  let altered = ''
  for (const [index, file] of files.entries()) {
    if (index % 9 === 0) await rm(file)
    if (index % 9 === 3) await truncate(file, 10)
    if (index % 9 === 6) {
      const bytes = await readFile(file)
      const middle = bytes.length >> 1
      bytes.writeUInt8((bytes[middle] ?? 0) ^ 1, middle)
      await writeFile(file, bytes)
      altered = nameOf(file)
    }
  }
  return { altered }
}

beforeEach(async () => {
  folder = await temporaryFolder('scrub')
  ;[data, music] = [join(folder.path, 'data'), join(folder.path, 'music')]
  port = await freePort()
  await mkdir(music)
  await writeWav(join(music, 'First.wav'), makeSound(8, 1))
  await writeWav(join(music, 'Second.wav'), makeSound(8, 2))
  const first = await start()
  await untilPublished(first.origin, { releases: 1, tracks: 2 })
  await until('both files have a master', async () => {
    const found = await readdir(join(data, 'masters'), { recursive: true }).catch(() => [])
    return found.filter((name) => /[a-z2-7]{26}$/.test(name)).length === 2
  })
})
afterEach(async () => {
  await server?.stop()
  await folder[Symbol.asyncDispose]()
})

describe('damaged objects', () => {
  test(
    'are found, never sent, and made again with the same ids while the server runs',
    { timeout: 180_000 },
    async () => {
      const before = await tracks()
      await server?.stop()
      const files = await objectFiles()
      expect((await scrub()).code).toBe(0)
      const { altered } = await damageObjects(files)
      await start()
      const answer = await fetch(`http://127.0.0.1:${port}/chunks/${altered}`)
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ code: 'chunk-damaged' })
      const found = await scrub()
      expect(found.text).toMatch(/2 are made again from their source files or masters by the running server/)
      expect(found.code).toBe(3)
      expect(await readyz()).toMatchObject({
        status: 'ready',
        objects: { state: 'damaged', recordingsToMakeAgain: 2, recordingsLost: 0 },
      })
      await until('every object is there again', async () => {
        const sound = new Set((await soundObjects()).map(nameOf))
        return files.every((file) => sound.has(nameOf(file)))
      })
      expect((await scrub()).code).toBe(0)
      expect(await readyz()).toMatchObject({ objects: { state: 'sound' } })
      expect(await tracks()).toEqual(before)
      const again = await fetch(`http://127.0.0.1:${port}/chunks/${altered}`)
      expect(again.status).toBe(200)
      expect(
        createHash('sha256')
          .update(new Uint8Array(await again.arrayBuffer()))
          .digest('hex'),
      ).toBe(altered)
    },
  )

  test('of which neither the source files nor the masters are there are told, with the server stopped', async () => {
    await server?.stop()
    server = undefined
    await damageObjects(await objectFiles())
    await rename(music, `${music}-elsewhere`)
    await rm(join(data, 'masters'), { recursive: true })
    const { code, text } = await scrub()
    expect(code).toBe(3)
    expect(text).toMatch(/2 cannot be made again: neither their source files nor their masters are there/)
  })
})
