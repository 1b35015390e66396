import { describe, expect, test } from 'vitest'
import { undoOf } from '../documents/undo-intent.ts'
import type { EntryId } from '../ids.ts'
import type { Place } from '../slots/place.ts'
import { beginDocument, changed, copyFor, merged } from '../testkit/automerge.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import { folderTree, type FolderNode } from './folder-tree.ts'
import { deviceNames, historyMonths, libraryShardsOf, type RootDocument } from './root-document.ts'
import type { NewRootItem, RootIntent } from './root-intent.ts'

const end: Place = { kind: 'end' }
const folder = (name: string): NewRootItem => ({ id: samples.entryId(name), item: { kind: 'folder' }, name })
const playlist = (name: string): NewRootItem => ({
  id: samples.entryId(name),
  item: { kind: 'playlist', collection: samples.padded(name, 52), document: samples.padded(name, 52) },
})
const into = (name: string | undefined): { folder?: EntryId } =>
  name === undefined ? {} : { folder: samples.entryId(name) }
const add = (number: number, items: readonly NewRootItem[], inside?: string): RootIntent => ({
  kind: 'addItems',
  id: samples.intentId(number),
  items,
  place: end,
  ...into(inside),
})
const move = (...[number, names, inside, place = end]: [number, string, string?, Place?]): RootIntent => ({
  kind: 'moveItems',
  id: samples.intentId(number),
  ids: [...names].map(samples.entryId),
  place,
  ...into(inside),
})
const drawn = (nodes: readonly FolderNode[]): string =>
  nodes.map(({ id, children }) => `${id.charAt(0)}${children.length === 0 ? '' : `(${drawn(children)})`}`).join('')
const tree = (root: RootDocument): string => drawn(folderTree(root))
const begun = [add(1, [folder('f'), folder('g'), playlist('p'), playlist('q')]), add(2, [playlist('r')], 'f')].reduce(
  (root, intent) => changed('root', root, intent),
  beginDocument('root'),
)
const together = (...intents: readonly [RootIntent, RootIntent]): string => {
  const [one, two] = [changed('root', begun, intents[0]), changed('root', copyFor(begun, 1), intents[1])]
  const both = tree(merged(one, two))
  expect(tree(merged(two, one))).toBe(both)
  return both
}

describe('folders', () => {
  test('[RT1] items are in their folders, in order; each is shown once', () => {
    expect(tree(begun)).toBe('f(r)gpq')
    expect(folderTree(begun)[0]).toMatchObject({ id: samples.entryId('f'), item: { kind: 'folder', name: 'f' } })
    expect(tree(changed('root', begun, move(3, 'qp', 'g')))).toBe('f(r)g(qp)')
    expect(tree(changed('root', begun, move(3, 'r', undefined, { kind: 'start' })))).toBe('rfgpq')
    expect(tree(changed('root', begun, move(3, 'g', 'f')))).toBe('f(rg)pq')
  })
  test('[RT1] items of a folder that is removed, or is no folder, are at the top', () => {
    const removed = changed('root', begun, {
      kind: 'removeItems',
      id: samples.intentId(3),
      ids: [samples.entryId('f')],
    })
    expect(tree(removed)).toBe('gpqr')
    expect(tree(changed('root', begun, move(3, 'q', 'p')))).toBe('f(r)gpq')
    expect(tree(changed('root', begun, move(3, 'q', 'z')))).toBe('f(r)gpq')
  })
  test('[RT1] of two moves at the same time one wins for folder and place', () => {
    const both = together(move(3, 'q', 'g'), move(4, 'q', undefined, { kind: 'start' }))
    expect(['f(r)g(q)p', 'qf(r)gp']).toContain(both)
  })
  test('[RT1] an item that is moved into a folder which somebody removes is still shown', () => {
    expect(
      together(move(3, 'q', 'g'), { kind: 'removeItems', id: samples.intentId(4), ids: [samples.entryId('g')] }),
    ).toBe('f(r)pq')
  })
  test('[RT2] folders that are moved into each other are shown, the lowest id at the top', () => {
    expect(together(move(3, 'f', 'g'), move(4, 'g', 'f'))).toBe('pqf(rg)')
    expect(tree(changed('root', begun, move(3, 'f', 'f')))).toBe('gpqf(r)')
    const three = changed('root', begun, add(3, [folder('h')]))
    const moves = [move(4, 'f', 'g'), move(5, 'g', 'h'), move(6, 'h', 'f')]
    const documents = moves.map((intent, replica) => changed('root', copyFor(three, replica + 1), intent))
    const all = tree(documents.reduce(merged))
    expect(tree(documents.toReversed().reduce(merged))).toBe(all)
    expect(all).toBe('pqf(rh(g))')
  })
  test('[UN1] items of several folders that were moved together go back to where they were', () => {
    const before = [add(3, [playlist('s')], 'g'), add(4, [playlist('t')], 'f'), add(5, [playlist('u')], 'g')].reduce(
      (root, intent) => changed('root', root, intent),
      begun,
    )
    const intent = move(6, 'tu', undefined, { kind: 'start' })
    const undo = undoOf('root', { before, intent, id: samples.intentId(7) })!
    expect(tree(before)).toBe('f(rt)g(su)pq')
    expect(tree(changed('root', before, intent))).toBe('tuf(r)g(s)pq')
    expect(tree(changed('root', changed('root', before, intent), undo))).toBe('f(rt)g(su)pq')
  })
  test('[RT1] a folder is renamed, and a playlist gets another collection when it is shared', () => {
    const rename = (expected?: string): RootIntent => ({
      kind: 'renameFolder',
      id: samples.intentId(3),
      folder: samples.entryId('f'),
      name: 'Folk',
      ...(expected === undefined ? {} : { expected }),
    })
    expect(folderTree(changed('root', begun, rename()))[0]!.item).toEqual({ kind: 'folder', name: 'Folk' })
    expect(folderTree(changed('root', begun, rename('other')))[0]!.item).toEqual({ kind: 'folder', name: 'f' })
    const item = { kind: 'playlist', collection: 's'.repeat(52), document: 'p'.repeat(52) } as const
    const shared = changed('root', begun, {
      kind: 'replaceItem',
      id: samples.intentId(3),
      entry: samples.entryId('p'),
      item,
    })
    expect(folderTree(shared)[2]!.item).toEqual(item)
  })
})

test('[RT3] the library has the largest count of shards that any device began', () => {
  const split = (shards: 16 | 256, number: number): RootIntent => ({
    kind: 'splitLibrary',
    id: samples.intentId(number),
    shards,
  })
  expect(libraryShardsOf(begun)).toBe(1)
  const both = merged(changed('root', begun, split(256, 3)), changed('root', copyFor(begun, 1), split(16, 4)))
  expect(libraryShardsOf(both)).toBe(256)
})
test('[RT4] devices have names, which can be changed and forgotten', () => {
  const device = samples.deviceId('d')
  const name = (text: string): RootIntent => ({ kind: 'nameDevice', id: samples.intentId(3), device, name: text })
  const renamed = changed('root', changed('root', begun, name('Phone')), name('Kitchen'))
  expect(deviceNames(renamed)).toEqual(new Map([[device, 'Kitchen']]))
  expect(deviceNames(changed('root', renamed, { kind: 'forgetDevice', id: samples.intentId(4), device }))).toEqual(
    new Map(),
  )
})
test('[RT5] the months of history that devices add are all there', () => {
  const month = (name: string, of: string): RootIntent => ({
    kind: 'addHistoryMonth',
    id: samples.intentId(3),
    device: samples.deviceId(name),
    month: of,
  })
  const both = merged(
    changed('root', begun, month('d', '2026-11')),
    changed('root', copyFor(begun, 1), month('e', '2026-12')),
  )
  expect(historyMonths(both)).toEqual([
    { device: samples.deviceId('d'), month: '2026-11' },
    { device: samples.deviceId('e'), month: '2026-12' },
  ])
})
