import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { savedIn } from '../library/library-document.ts'
import { playlistDetails, playlistEntries } from '../playlists/playlist-document.ts'
import type { PlaylistIntent } from '../playlists/playlist-intent.ts'
import { deviceNames } from '../root/root-document.ts'
import { folderTree } from '../root/folder-tree.ts'
import { shownIds } from '../slots/slot-list.ts'
import { beginDocument, changed, copyFor, merged } from '../testkit/automerge.testkit.ts'
import { arbitraryIntents, lettersOf } from '../testkit/arbitrary-intents.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import type { Documents, Intents } from './documents.ts'
import { undoOf, type UndoableKind } from './undo-intent.ts'

/** What a person sees of a document. */
const views: { readonly [K in UndoableKind]: (document: Documents[K]) => unknown } = {
  playlist: (playlist) => [playlistEntries(playlist), playlistDetails(playlist)],
  root: (root) => [folderTree(root), new Map(deviceNames(root))],
  library: (library) => savedIn([library]),
}
const withoutIds = new Set(['splitLibrary', 'addHistoryMonth', 'collectSlots', 'collectItemSlots'])

describe.each(['playlist', 'root', 'library'] as const)('%s', (kind) => {
  test('[UN1] undo gives what was shown before, and the undo of the undo what was shown after', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryIntents[kind] as fc.Arbitrary<Intents[UndoableKind]>, { minLength: 1, maxLength: 10 }),
        (intents) => {
          const view = views[kind] as (document: unknown) => unknown
          const numbered = intents.map((intent, index) => ({ ...intent, id: samples.intentId(1_000 + index) }) as never)
          const intent = numbered.pop()! as Intents[typeof kind]
          const before = numbered.reduce((document, each) => changed(kind, document, each), beginDocument(kind))
          const after = changed(kind, before, intent)
          const undo = undoOf(kind, { before: before as never, intent: intent as never, id: samples.intentId(2_000) })
          if (undo === undefined) {
            if (!withoutIds.has(intent.kind)) expect(view(after)).toEqual(view(before))
            return
          }
          const undone = changed(kind, after, undo as never)
          expect(view(undone)).toEqual(view(before))
          const redo = undoOf(kind, { before: after as never, intent: undo as never, id: samples.intentId(2_001) })
          expect(view(redo === undefined ? undone : changed(kind, undone, redo as never))).toEqual(view(after))
        },
      ),
      { numRuns: 100, seed: 20_261_127 },
    )
  })
})

describe('beside a collaborator', () => {
  const end = { kind: 'end' } as const
  const [b, c] = [samples.entryId('b'), samples.entryId('c')]
  const begun = changed('playlist', beginDocument('playlist'), {
    kind: 'addEntries',
    id: samples.intentId(1),
    entries: [...'bcdef'].map(samples.playlistEntry),
    place: end,
  })
  /** I make a change; somebody else makes `theirs`; then I undo mine. */
  const undone = (mine: PlaylistIntent, theirs: PlaylistIntent): Documents['playlist'] => {
    const after = changed('playlist', begun, mine)
    const met = merged(after, changed('playlist', copyFor(after, 1), theirs))
    return changed('playlist', met, undoOf('playlist', { before: begun, intent: mine, id: samples.intentId(9) })!)
  }
  const letters = (document: Documents['playlist']): string => lettersOf(shownIds(document))

  test('[UN2] a title that was changed since stays', () => {
    const mine: PlaylistIntent = { kind: 'setTitle', id: samples.intentId(2), title: 'mine' }
    expect(playlistDetails(undone(mine, { ...mine, id: samples.intentId(3), title: 'theirs' })).title).toBe('theirs')
    expect(
      playlistDetails(undone(mine, { kind: 'removeEntries', id: samples.intentId(3), ids: [b] })).title,
    ).toBeUndefined()
  })
  test('[UN2] an entry that was moved since stays where it is, the others go back', () => {
    const mine: PlaylistIntent = { kind: 'moveEntries', id: samples.intentId(2), ids: [b, c], place: end }
    const theirs: PlaylistIntent = {
      kind: 'moveEntries',
      id: samples.intentId(3),
      ids: [c],
      place: { kind: 'after', entry: samples.entryId('e') },
    }
    expect(letters(undone(mine, theirs))).toBe('bdecf')
  })
  test('[UN2] what others added stays, and what they removed is not restored', () => {
    const mine: PlaylistIntent = { kind: 'removeEntries', id: samples.intentId(2), ids: [b, c] }
    const added: PlaylistIntent = {
      kind: 'addEntries',
      id: samples.intentId(3),
      entries: [samples.playlistEntry('x')],
      place: end,
    }
    expect(letters(undone(mine, added))).toBe('bcdefx')
    expect(letters(undone(mine, { kind: 'removeEntries', id: samples.intentId(3), ids: [samples.entryId('d')] }))).toBe(
      'bcef',
    )
  })
  test('[UN2] an entry that somebody restored is not restored twice', () => {
    const mine: PlaylistIntent = { kind: 'removeEntries', id: samples.intentId(2), ids: [b] }
    const theirs: PlaylistIntent = {
      kind: 'restoreEntries',
      id: samples.intentId(3),
      runs: [{ entries: [samples.playlistEntry('b')], place: end }],
    }
    expect(letters(undone(mine, theirs))).toBe('cdefb')
  })
})
