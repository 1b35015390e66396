import { parseQueueEntryId, parseRecordingId, parseTrackId } from '@tonestead/crdt/ids'
import { emptyQueue, type QueueEntry } from '@tonestead/crdt/queue'
import { expect, test } from 'vitest'
import { sectionsOf } from './queue-sections.ts'

const id = (letter: string) => letter.repeat(26)
const entry = (letter: string, origin: QueueEntry['origin']): QueueEntry => ({
  id: parseQueueEntryId(id(letter)),
  trackId: parseTrackId(id(letter)),
  recordingId: parseRecordingId(id(letter)),
  origin,
  contextOrder: 0,
})

test('the entries a person added are separate from those of the context', () => {
  const entries = [
    entry('a', 'context'),
    entry('b', 'context'),
    entry('c', 'person'),
    entry('d', 'context'),
    entry('e', 'person'),
  ]
  const sections = sectionsOf({ ...emptyQueue, entries, currentId: entries[1]!.id })
  expect([
    sections.current?.id,
    sections.userEntries.map((one) => one.id),
    sections.contextEntries.map((one) => one.id),
    sections.firstUpcoming,
  ]).toEqual([id('b'), [id('c')], [id('d'), id('e')], 2])
})

test('a queue without a context has no context entries', () => {
  const entries = [entry('a', 'person'), entry('b', 'person')]
  expect(sectionsOf({ ...emptyQueue, entries, currentId: entries[0]!.id }).contextEntries).toEqual([])
})
