import { expect, test } from 'vitest'
import { beginDocument, changed, operationsOf } from '../documents/automerge.testkit.ts'
import { isPermitted } from '../documents/document-schema.ts'
import { entryId, intentId, playlistEntry } from '../documents/sample-values.testkit.ts'
import { shownIds } from '../slots/slot-list.ts'

test('smoke', () => {
  const ids = ['x', 'y', 'z'].map(entryId)
  let { document, outcome } = changed('playlist', beginDocument('playlist'), {
    kind: 'addEntries',
    id: intentId(1),
    entries: ids.map(playlistEntry),
    place: { kind: 'start' },
  })
  expect(outcome).toEqual({ kind: 'applied' })
  expect(shownIds(document)).toEqual(ids)
  ;({ document, outcome } = changed('playlist', document, {
    kind: 'moveEntries',
    id: intentId(2),
    ids: [ids[0]!],
    place: { kind: 'end' },
  }))
  expect(shownIds(document)).toEqual([ids[1], ids[2], ids[0]])
  ;({ document, outcome } = changed('playlist', document, { kind: 'setTitle', id: intentId(3), title: 'T' }))
  ;({ document, outcome } = changed('playlist', document, { kind: 'removeEntries', id: intentId(4), ids: [ids[1]!] }))
  expect(shownIds(document)).toEqual([ids[2], ids[0]])
  for (const op of operationsOf(document)) expect(isPermitted('playlist', op), JSON.stringify(op)).toBe(true)
})
