import { expect, test } from 'vitest'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { Journal, JournalWrite } from './journal.ts'

const bytes = (...values: number[]): Bytes => Uint8Array.from(values)
const put = (
  key: string,
  value: Bytes,
  { scope = 'a', table = 'items' }: { scope?: string; table?: JournalWrite['table'] } = {},
): JournalWrite => ({ kind: 'put', table, scope, key, value })
const strict = (fence: number, ...writes: JournalWrite[]) => ({ fence, writes, isStrict: true })

/** What every Journal does. `reopen` opens the same data again, as a restarted worker does; `damage` alters the stored bytes of a row. */
export const journalContract = (
  open: () => {
    reopen: () => Promise<Journal>
    damage: (table: string, scope: string, key: string) => Promise<void>
  },
): void => {
  test('[JO1] a transaction is read again by whoever opens the journal next', async () => {
    const { reopen } = open()
    const journal = await reopen()
    const fence = await journal.takeOver()
    expect(
      await journal.commit(strict(fence, put('2', bytes(2)), put('1', bytes(1)), put('1', bytes(9), { scope: 'b' }))),
    ).toBe('committed')
    expect(await (await reopen()).read({ table: 'items', scope: 'a' })).toEqual({
      rows: [
        { key: '1', value: bytes(1) },
        { key: '2', value: bytes(2) },
      ],
      damaged: [],
    })
    expect(await (await reopen()).scopes()).toEqual(['a', 'b'])
  })
  test('[JO1] tables and scopes are apart, and a query has a beginning and a limit', async () => {
    const journal = await open().reopen()
    const fence = await journal.takeOver()
    const keys = ['01', '02', '03', '10']
    await journal.commit(
      strict(
        fence,
        ...keys.map((key) => put(key, bytes(Number(key)))),
        put('02', bytes(7), { table: 'pending' }),
        put('02', bytes(8), { scope: 'ab' }),
      ),
    )
    const read = await journal.read({ table: 'items', scope: 'a', from: '02', limit: 2 })
    expect(read.rows.map(({ key }) => key)).toEqual(['02', '03'])
    expect((await journal.read({ table: 'pending', scope: 'a' })).rows).toEqual([{ key: '02', value: bytes(7) }])
    expect((await journal.read({ table: 'facts', scope: 'a' })).rows).toEqual([])
  })
  test('[JO1] writes of a transaction count in their order, and a range is deleted to its end', async () => {
    const journal = await open().reopen()
    const fence = await journal.takeOver()
    await journal.commit(
      strict(
        fence,
        put('1', bytes(1)),
        put('2', bytes(2)),
        put('3', bytes(3)),
        put('2', bytes(5), { table: 'facts' }),
        put('2', bytes(6), { scope: 'b' }),
      ),
    )
    await journal.commit(
      strict(
        fence,
        { kind: 'delete-from', table: 'items', scope: 'a', key: '2' },
        put('2', bytes(4)),
        { kind: 'delete', table: 'items', scope: 'a', key: '1' },
        { kind: 'delete', table: 'items', scope: 'a', key: 'absent' },
      ),
    )
    expect((await journal.read({ table: 'items', scope: 'a' })).rows).toEqual([{ key: '2', value: bytes(4) }])
    expect((await journal.read({ table: 'facts', scope: 'a' })).rows).toHaveLength(1)
    expect((await journal.read({ table: 'items', scope: 'b' })).rows).toHaveLength(1)
  })
  test('[JO2] a writer that was superseded writes nothing', async () => {
    const { reopen } = open()
    const [before, after] = [await reopen(), await reopen()]
    const old = await before.takeOver()
    const fresh = await after.takeOver()
    expect(fresh).toBeGreaterThan(old)
    expect(await before.commit(strict(old, put('1', bytes(1))))).toBe('superseded')
    expect(await after.commit({ fence: fresh, writes: [put('1', bytes(2))], isStrict: false })).toBe('committed')
    expect((await after.read({ table: 'items', scope: 'a' })).rows).toEqual([{ key: '1', value: bytes(2) }])
  })
  test('[JO3] a row whose bytes changed is named, left out and left where it is', async () => {
    const { reopen, damage } = open()
    const journal = await reopen()
    const fence = await journal.takeOver()
    await journal.commit(strict(fence, put('1', bytes(1, 2, 3)), put('2', bytes(4))))
    await damage('items', 'a', '1')
    for (let times = 0; times < 2; times += 1)
      expect(await journal.read({ table: 'items', scope: 'a' })).toEqual({
        rows: [{ key: '2', value: bytes(4) }],
        damaged: ['1'],
      })
  })
  test('[JO1] what was read or written is not changed by altering the arrays afterwards', async () => {
    const journal = await open().reopen()
    const fence = await journal.takeOver()
    const value = bytes(1)
    await journal.commit(strict(fence, put('1', value)))
    value[0] = 9
    const first = (await journal.read({ table: 'items', scope: 'a' })).rows[0]!.value
    expect(first).toEqual(bytes(1))
    first[0] = 8
    expect((await journal.read({ table: 'items', scope: 'a' })).rows[0]!.value).toEqual(bytes(1))
  })
}
