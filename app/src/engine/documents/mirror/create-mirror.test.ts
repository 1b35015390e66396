import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
import { arbitraryIntents } from '../../../../../crdt/src/testkit/arbitrary-intents.testkit.ts'
import { entryId, intentId, playlistEntry } from '../../../../../crdt/src/testkit/sample-values.testkit.ts'
import { applyToPlain, beginningOf } from '../plain-document.ts'
import { createMirror } from './create-mirror.ts'
import { differenceOf } from './document-patch.ts'
import type { PlainValue } from './plain-value.ts'

type Playlist = Documents['playlist']
const apply = (document: Playlist, intent: Intents['playlist']): Playlist =>
  applyToPlain('playlist', document, intent).document

type Step =
  | { readonly kind: 'own' | 'other'; readonly intent: Intents['playlist'] }
  /** The leader takes the oldest own edit that it has not, and keeps or refuses it. */
  | { readonly kind: 'take'; readonly isKept: boolean }
  /** The oldest message of the leader arrives. */
  | { readonly kind: 'arrive' }
  | { readonly kind: 'new-leader' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('own' as const), intent: arbitraryIntents.playlist }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('other' as const), intent: arbitraryIntents.playlist }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const), isKept: fc.boolean() }) },
  { weight: 6, arbitrary: fc.constant({ kind: 'arrive' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new-leader' as const }) },
)

/** A leader and one mirror, with the messages between them in a queue. */
const play = (steps: readonly Step[]): void => {
  const mirror = createMirror('playlist')
  let leader = beginningOf('playlist')
  let state = { fence: 1, version: 1 }
  let numbers = 0
  /** What the mirror knows of the leader, and its own edits that are not in there. */
  let known: Playlist | undefined
  let unanswered: { number: number; intent: Intents['playlist'] }[] = []
  let untaken: { number: number; intent: Intents['playlist'] }[] = []
  const queue: (() => void)[] = []
  const check = (): void =>
    expect(mirror.shown()).toEqual(
      known === undefined ? undefined : unanswered.reduce((document, { intent }) => apply(document, intent), known),
    )
  const sendWhole = (): void => {
    const [document, at] = [leader, state]
    queue.push(() => {
      mirror.replace(structuredClone(document), at)
      known = document
    })
  }
  const change = (intent: Intents['playlist']): void => {
    const [before, after, from] = [leader, apply(leader, intent), state]
    if (before === after) return
    leader = after
    state = { ...state, version: state.version + 1 }
    const { version } = state
    const patch = differenceOf(before as unknown as PlainValue, after as unknown as PlainValue)
    queue.push(() => {
      if (known === undefined) return
      expect(mirror.patch(structuredClone(patch), from, version)).toBe(true)
      known = after
    })
  }
  const take = (isKept: boolean): void => {
    const edit = untaken.shift()
    if (edit === undefined) return
    if (isKept) change(edit.intent)
    const at = state
    queue.push(() => {
      mirror.settle(edit.number, { isKept, state: at })
      unanswered = unanswered.filter(({ number }) => number !== edit.number)
    })
  }
  const handlers: Record<Step['kind'], (each: Step) => void> = {
    own: (each) => {
      numbers += 1
      const edit = { number: numbers, intent: (each as { intent: Intents['playlist'] }).intent }
      mirror.edit(edit.number, edit.intent)
      unanswered.push(edit)
      untaken.push(edit)
    },
    other: (each) => change((each as { intent: Intents['playlist'] }).intent),
    take: (each) => take((each as { isKept: boolean }).isKept),
    arrive: () => queue.shift()?.(),
    // It has read what the one before has kept; the tab asks it for everything, and sends again what is not answered.
    'new-leader': () => {
      for (const arrive of queue.splice(0)) arrive()
      state = { fence: state.fence + 1, version: 1 }
      untaken = [...unanswered]
      sendWhole()
    },
  }
  sendWhole()
  for (const each of steps) {
    handlers[each.kind](each)
    check()
  }
  while (untaken.length > 0) take(true)
  for (const arrive of queue.splice(0)) arrive()
  expect(mirror.shown()).toEqual(leader)
  expect(mirror.hasWaiting()).toBe(false)
}

test('[DO4] a mirror shows what plain application shows: the document of the leader as far as it came, then the own edits in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let ids = 0
      play(
        steps.map((each) => {
          ids += 1
          return 'intent' in each ? { ...each, intent: { ...each.intent, id: intentId(ids) } } : each
        }),
      )
    }),
    { numRuns: 500 },
  )
})

const add = (name: string, id: number) =>
  ({ kind: 'addEntries', id: intentId(id), entries: [playlistEntry(name)], place: { kind: 'end' } }) as const

test('[DO4] an edit that is kept does not vanish when its answer comes before its patch, and one of a former leader is in the next document', () => {
  const mirror = createMirror('playlist')
  mirror.replace(beginningOf('playlist'), { fence: 1, version: 1 })
  mirror.edit(1, add('p', 1))
  mirror.settle(1, { isKept: true, state: { fence: 1, version: 2 } })
  expect(Object.keys(mirror.shown()!.entries)).toEqual([entryId('p')])
  const document = apply(beginningOf('playlist'), add('p', 1))
  mirror.replace(document, { fence: 2, version: 1 })
  expect(mirror.hasWaiting()).toBe(false)
  expect(mirror.shown()).toEqual(document)
})

test('[DO2] what an edit does not change stays the same object, also when the edit comes back from the leader', () => {
  const mirror = createMirror('playlist')
  const first = apply(beginningOf('playlist'), add('p', 1))
  mirror.replace(first, { fence: 1, version: 1 })
  mirror.edit(1, add('q', 2))
  const shown = mirror.shown()!
  expect(shown.entries[entryId('p')]).toBe(first.entries[entryId('p')])
  const second = apply(first, add('q', 2))
  const patch = differenceOf(first as unknown as PlainValue, second as unknown as PlainValue)
  mirror.patch(structuredClone(patch), { fence: 1, version: 1 }, 2)
  mirror.settle(1, { isKept: true, state: { fence: 1, version: 2 } })
  expect(mirror.shown()).toBe(shown)
})

test('[DO3] a patch that does not follow what is here is not applied', () => {
  const mirror = createMirror('playlist')
  expect(mirror.patch(undefined, { fence: 1, version: 1 }, 2)).toBe(false)
  mirror.replace(beginningOf('playlist'), { fence: 1, version: 1 })
  expect(mirror.patch(undefined, { fence: 1, version: 2 }, 3)).toBe(false)
  expect(mirror.patch(undefined, { fence: 2, version: 1 }, 2)).toBe(false)
  expect(mirror.patch(undefined, { fence: 1, version: 1 }, 2)).toBe(true)
})
