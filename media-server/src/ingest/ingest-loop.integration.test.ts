import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { expect, it } from 'vitest'
import { openDatabaseThread } from '../database-thread.client.ts'
import { systemClock } from '../platform/system-clock.ts'
import { foundSource } from '../ports/ingested-source.testkit.ts'
import { runIngestLoop } from './ingest-loop.ts'

const hourMs = 3_600_000

it('processes short files while a long one is encoded, and no second long one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tonestead-loop-'))
  const stores = await openDatabaseThread({
    path: join(folder, 'catalog.sqlite'),
    instanceKey: new Uint8Array(randomBytes(32)),
    idSecret: new Uint8Array(randomBytes(32)),
    at: 1,
  })
  const { sources } = stores
  const names = ['a long', 'b long', 'song 1', 'song 2', 'song 3']
  for (const [index, name] of names.entries())
    await sources.add(foundSource(name, { path: `/${name}`, sizeBytes: index }), parseUnixMs(Date.now()))
  const stopping = new AbortController()
  const longJob = Promise.withResolvers<undefined>()
  const ended: string[] = []
  const running = new Set<string>()
  const faults: unknown[] = []
  const loop = runIngestLoop(
    {
      sources,
      clock: systemClock,
      owner: 'test',
      onFault: (_, fault) => faults.push(fault),
      runJob: async (job, { onLength }) => {
        const isLong = job.name.endsWith('long')
        await onLength(isLong ? 10 * hourMs : 4 * 60_000)
        running.add(job.name)
        if (isLong) await longJob.promise
        running.delete(job.name)
        ended.push(job.name)
        return { kind: 'refused', code: 'damaged' }
      },
    },
    1,
    stopping.signal,
  )
  try {
    await expect.poll(() => ended.toSorted(), { timeout: 30_000 }).toEqual(['song 1', 'song 2', 'song 3'])
    expect([...running]).toHaveLength(1)
    longJob.resolve(undefined)
    await expect.poll(() => ended.length, { timeout: 40_000 }).toBe(names.length)
    expect(faults).toEqual([])
  } finally {
    longJob.resolve(undefined)
    stopping.abort()
    await loop
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  }
})
