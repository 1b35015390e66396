import { createMemoryJournal, type MemoryJournal } from '../../../platform/browser-storage/memory-journal.ts'
import type { JournalTable, JournalWrite } from '../../../ports/journal.ts'

const tables: readonly JournalTable[] = ['items', 'pending', 'intents', 'facts', 'snapshots', 'quarantine']

/** The rows of a table, as writes. */
export const rowsOf = async (journal: MemoryJournal, table: JournalTable): Promise<JournalWrite[]> => {
  const found: JournalWrite[] = []
  for (const scope of await journal.scopes())
    for (const { key, value } of (await journal.read({ table, scope })).rows)
      found.push({ kind: 'put', table, scope, key, value })
  return found
}

/** Writes as another process of the device would. */
export const writeRows = async (journal: MemoryJournal, writes: readonly JournalWrite[]): Promise<void> => {
  await journal.commit({ fence: await journal.takeOver(), writes, isStrict: true })
}

/** A copy, with or without the checked documents. */
export const copyJournal = async (
  journal: MemoryJournal,
  { withChecked }: { withChecked: boolean },
): Promise<MemoryJournal> => {
  const copy = createMemoryJournal()
  for (const table of [...tables, ...(withChecked ? (['checked'] as const) : [])])
    await writeRows(copy, await rowsOf(journal, table))
  return copy
}

export const removeChecked = async (journal: MemoryJournal): Promise<void> =>
  writeRows(
    journal,
    (await journal.scopes()).map((scope) => ({ kind: 'delete-from', table: 'checked', scope, key: '' })),
  )
