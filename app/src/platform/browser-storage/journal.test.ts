import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import { journalContract } from '../../ports/journal.contract.ts'
import { crc32 } from './checksum.ts'
import { createIdbJournal } from './idb-journal.ts'
import { createMemoryJournal } from './memory-journal.ts'
import { openJournalDatabase } from './open-journal-database.ts'

describe('memory journal', () => {
  journalContract(() => {
    const journal = createMemoryJournal()
    return {
      reopen: () => Promise.resolve(journal),
      damage: (table, scope, key) => Promise.resolve(journal.damage(table, scope, key)),
    }
  })
  test('[JO4] a crash loses the newest transactions that are not strict, and none before a strict one', async () => {
    const journal = createMemoryJournal()
    const fence = await journal.takeOver()
    const write = (key: string, isStrict: boolean) =>
      journal.commit({
        fence,
        isStrict,
        writes: [{ kind: 'put', table: 'facts', scope: 's', key, value: Uint8Array.of(1) }],
      })
    await write('1', false)
    await write('2', true)
    await write('3', false)
    await write('4', false)
    expect(journal.tail()).toBe(2)
    journal.crash(1)
    expect((await journal.read({ table: 'facts', scope: 's' })).rows.map(({ key }) => key)).toEqual(['1', '2', '3'])
    expect(await write('5', true)).toBe('superseded')
  })
})

let databases = 0
describe('IndexedDB journal', () =>
  journalContract(() => {
    const name = `journal-${(databases += 1)}`
    return {
      reopen: async () => createIdbJournal(await openJournalDatabase(name)),
      damage: async (table, scope, key) => {
        const database = await openJournalDatabase(name)
        const row = await database.get('rows', [scope, table, key])
        row!.bytes[0]! ^= 1
        await database.put('rows', row!, [scope, table, key])
        database.close()
      },
    }
  }))

test('the checksum is the CRC-32 of IEEE 802.3', () => {
  expect(crc32(new TextEncoder().encode('1234'), new TextEncoder().encode('56789'))).toBe(0xcbf43926)
})
