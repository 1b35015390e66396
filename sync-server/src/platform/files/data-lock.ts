import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartRefusal } from '../../ports/start-refusal.ts'

/** Locks the data folder for this process. It is SQLite's lock on a file of its own, so the system releases it however the process ends. */
export const lockDataFolder = (folder: string): { readonly release: () => void } => {
  const database = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by_process INTEGER)')
  } catch (error) {
    database.close()
    if (!isBusy(error)) throw error
    throw new StartRefusal(
      `Another relay is running on the data folder ${folder}. Stop it first, or give this one a folder of its own with --data.`,
      { cause: error },
    )
  }
  return {
    release: () => {
      database.close()
    },
  }
}

/** https://www.sqlite.org/rescode.html#busy */
const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === 5
