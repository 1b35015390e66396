import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EntryId } from '@tonestead/crdt/ids'
import type { Playlists } from './playlists.ts'
import * as kit from './playlists.testkit.ts'

/** A command that a person may give, with small numbers that choose what it is about. */
type Command = { readonly kind: string; readonly a: number; readonly b: number; readonly many: readonly number[] }
const commands = fc.array(
  fc.record<Command>({
    kind: fc.constantFrom(
      'add',
      'remove',
      'move',
      'rename',
      'describe',
      'cover',
      'folder',
      'moveItem',
      'removeItem',
      'renameFolder',
      'create',
    ),
    a: fc.nat(9),
    b: fc.nat(9),
    many: fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 14 },
)

const itemsOf = (playlists: Playlists): EntryId[] => {
  const tree = playlists.tree.get()
  const all = (nodes: typeof tree extends { nodes: infer N } ? N : never): EntryId[] =>
    (nodes as readonly { id: EntryId; kind: string; children?: never }[]).flatMap((node) => [
      node.id,
      ...(node.kind === 'folder' ? all(node.children as never) : []),
    ])
  return tree.kind === 'open' ? all(tree.nodes as never) : []
}
const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % Math.max(1, from.length)]

/** Runs a command; true for those of the tree, false for those of the playlist, undefined when it changed nothing. */
const run = async (playlists: Playlists, id: EntryId, { kind, a, b, many }: Command): Promise<boolean | undefined> => {
  const entries = kit.idsOf(playlists, id)
  const items = itemsOf(playlists)
  const chosen = [...new Set(many.flatMap((index) => pick(entries, index) ?? []))]
  const item = pick(items, a)
  // The playlist of this test stays: a missing one shows nothing.
  const others = items.filter((each) => each !== id)
  const ofTree = ['folder', 'moveItem', 'removeItem', 'renameFolder', 'create'].includes(kind)
  const result = await (() => {
    switch (kind) {
      case 'add':
        return playlists.addTracks(id, kit.tracksOf(many.length, a * 10))
      case 'remove':
        return playlists.removeEntries(id, chosen)
      case 'move':
        return playlists.moveEntries(id, chosen, b)
      case 'rename':
        return playlists.rename(id, ['', 'A', 'B', 'C'][a % 4]!)
      case 'describe':
        return playlists.describe(id, ['', 'x', 'y'][a % 3]!)
      case 'cover':
        return playlists.setCover(id, chosen[0] === undefined ? undefined : { kind: 'entry', entry: chosen[0] })
      case 'folder':
        return playlists.createFolder(`F${a}`, pick(others, b))
      case 'moveItem':
        return item === undefined ? undefined : playlists.moveItems([item], { folder: pick([undefined, ...others], b) })
      case 'removeItem':
        return others.length === 0
          ? undefined
          : playlists.removeItems([...new Set(many.flatMap((index) => pick(others, index) ?? []))])
      case 'renameFolder':
        return item === undefined ? undefined : playlists.renameFolder(item, `G${b}`)
      default:
        return playlists.create({ title: `P${a}` })
    }
  })()
  return result?.kind === 'changed' || result?.kind === 'created' ? ofTree : undefined
}

const shown = (playlists: Playlists, id: EntryId): unknown => [playlists.tree.get(), kit.openOf(playlists, id)]

test('[PY5] undoing any list of changes in reverse order gives what was shown at first, redoing them what was shown at last', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      const { playlists } = kit.createTestPlaylists()
      const id = await kit.created(playlists, kit.tracksOf(5))
      const first = shown(playlists, id)
      const done: (boolean | undefined)[] = []
      for (const command of list) done.push(await run(playlists, id, command))
      const changed = done.filter((each) => each !== undefined)
      const last = shown(playlists, id)
      for (let round = 0; round < 2; round += 1) {
        for (const ofTree of changed.toReversed())
          expect((await playlists.undo(ofTree ? 'tree' : id)).kind).toBe('undone')
        expect(shown(playlists, id)).toEqual(first)
        for (const ofTree of changed) expect((await playlists.redo(ofTree ? 'tree' : id)).kind).toBe('undone')
        expect(shown(playlists, id)).toEqual(last)
      }
    }),
    { numRuns: 150, seed: 20_261_127 },
  )
})

describe('one playlist', () => {
  test('[PY5] a large change is undone as a whole, and done again', async () => {
    const { playlists } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(3))
    await playlists.addTracks(id, kit.tracksOf(2_500, 10))
    const all = kit.songsOf(playlists, id)
    await playlists.removeEntries(id, kit.idsOf(playlists, id).slice(1))
    expect(kit.songsOf(playlists, id)).toBe('0')
    await playlists.undo(id)
    expect(kit.songsOf(playlists, id)).toBe(all)
    await playlists.undo(id)
    expect(kit.songsOf(playlists, id)).toBe('0 1 2')
    await playlists.redo(id)
    expect(kit.songsOf(playlists, id)).toBe(all)
  })
  test('[PY5] a change is undone for itself, and what came after it stays', async () => {
    const { playlists } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(4))
    const removed = await playlists.removeEntries(id, kit.idsOf(playlists, id).slice(1, 2))
    await playlists.rename(id, 'Saturday')
    if (removed.kind === 'changed') expect(await removed.undo()).toEqual({ kind: 'undone' })
    if (removed.kind === 'changed') expect(await removed.undo()).toEqual({ kind: 'nothing' })
    expect(kit.songsOf(playlists, id)).toBe('0 1 2 3')
    expect(kit.openOf(playlists, id).title).toBe('Saturday')
  })
  test('[PY5] a new change ends what can be done again', async () => {
    const { playlists } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(2))
    await playlists.rename(id, 'Saturday')
    await playlists.undo(id)
    await playlists.describe(id, 'x')
    expect(await playlists.redo(id)).toEqual({ kind: 'nothing' })
    expect(kit.openOf(playlists, id).title).toBe('Friday')
  })
  test('[PY5] what another device moved meanwhile stays there, the others go back', async () => {
    const { playlists, documents } = kit.createTestPlaylists()
    const id = await kit.created(playlists, kit.tracksOf(4))
    const [a, b, c] = kit.idsOf(playlists, id)
    await playlists.moveEntries(id, [a!, b!], 99)
    await documents.edit(
      { address: { kind: 'playlist', id } },
      { kind: 'moveEntries', id: 'z'.repeat(25).concat('a') as never, ids: [b!], place: { kind: 'after', entry: c! } },
    )
    expect(kit.songsOf(playlists, id)).toBe('2 1 3 0')
    await playlists.undo(id)
    expect(kit.songsOf(playlists, id)).toBe('0 2 1 3')
  })
})
