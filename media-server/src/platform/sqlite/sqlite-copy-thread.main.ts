import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { lowerThreadPriority } from '../process/lower-thread-priority.ts'
import { findSqliteDamage } from './sqlite-file-check.ts'

// Checks or copies a database on a connection of its own; posts `{ findings }` and ends. Started by `createSqliteCatalogCopies`.

const maxFindings = 20

const task = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('check'), path: z.string() }),
    z.object({ kind: z.literal('copy'), path: z.string(), to: z.string() }),
  ])
  .parse(workerData)

const check = (path: string): readonly string[] => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  try {
    const rows = database.prepare(`PRAGMA integrity_check(${maxFindings})`).all()
    return rows.map((row) => String(row['integrity_check'])).filter((finding) => finding !== 'ok')
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  } finally {
    database.close()
  }
}

/** One read transaction: the copy is the catalog of one instant, also while it is written. */
const copy = (path: string, to: string): readonly string[] => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  try {
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
  chmodSync(to, 0o600)
  const damage = findSqliteDamage(to)
  return damage === undefined ? [] : [damage]
}

lowerThreadPriority()
parentPort?.postMessage({ findings: task.kind === 'check' ? check(task.path) : copy(task.path, task.to) })
