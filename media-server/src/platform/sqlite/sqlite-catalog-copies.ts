import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'
import { z } from 'zod'
import type { CatalogCopies, CatalogCopy } from '../../ports/catalog-copies.ts'
import { runInThread } from '../process/run-in-thread.ts'

// <folder>/catalog-2026-01-31T12-00-00-000Z.sqlite

const pattern = /^catalog-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)\.sqlite$/
const findingsSchema = z.object({ findings: z.array(z.string()) })

/** Copies of the catalog at `path`, as files in `folder`. Each check and each copy is made by a thread of its own, on a connection of its own. */
export const createSqliteCatalogCopies = ({ path, folder }: { path: string; folder: string }): CatalogCopies => {
  const run = async (data: object, signal: AbortSignal): Promise<readonly string[]> => {
    const program = new URL('./sqlite-copy-thread.main.ts', import.meta.url)
    return findingsSchema.parse(await runInThread({ program, data, transfer: [] }, signal)).findings
  }
  const list = async (): Promise<readonly CatalogCopy[]> => {
    const names = await readdir(folder).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    })
    return names
      .flatMap((name) => {
        const at = instantOf(name)
        return at === undefined ? [] : [{ name, at }]
      })
      .toSorted((a, b) => b.at - a.at)
  }
  return {
    check: (signal) => run({ kind: 'check', path }, signal),
    list,
    make: async (at, signal) => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = nameAt(at)
      const temporary = join(folder, `${name}.tmp`)
      try {
        await rm(temporary, { force: true })
        const [finding] = await run({ kind: 'copy', path, to: temporary }, signal)
        if (finding !== undefined) throw new Error(`the copy of the catalog is not sound: ${finding}`)
        await sync(temporary)
        await rename(temporary, join(folder, name))
        if (process.platform !== 'win32') await sync(folder)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
      return { name, at }
    },
    prune: async (keep) => {
      for (const { name } of (await list()).slice(keep)) await rm(join(folder, name), { force: true })
    },
  }
}

const nameAt = (at: UnixMs): string => `catalog-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}.sqlite`

const instantOf = (name: string): UnixMs | undefined => {
  const [, date, hours, minutes, seconds, rest] = pattern.exec(name) ?? []
  if (rest === undefined) return undefined
  const at = Date.parse(`${date}${hours}:${minutes}:${seconds}.${rest}`)
  return Number.isNaN(at) ? undefined : parseUnixMs(at)
}

const sync = async (path: string): Promise<void> => {
  await using file = await open(path, 'r')
  await file.sync()
}
