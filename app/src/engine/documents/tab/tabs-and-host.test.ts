import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Documents } from '@tonestead/crdt/documents/documents'
import { entryId, intentId, playlistEntry } from '../../../../../crdt/src/testkit/sample-values.testkit.ts'
import type { DocumentService, DocumentView } from '../documents.ts'
import { createTabWorld, turns } from '../hosted-replica.testkit.ts'
import { unwatchAfterMs } from './create-tab-documents.ts'

const list = { address: { kind: 'playlist', id: entryId('list') } } as const
const settings = { address: { kind: 'settings' } } as const
const names = 'abcdefghijklmnopqrstuvwxyz'

/** Of the same length for every number, so that padding makes no two the same. */
const entryOf = (number: number) =>
  entryId(`e${[...String(number).padStart(5, '0')].map((digit) => names[Number(digit)]).join('')}`)
const add = (number: number) => ({
  kind: 'addEntries' as const,
  id: intentId(number),
  entries: [{ ...playlistEntry('p'), id: entryOf(number) }],
  place: { kind: 'end' as const },
})
const set = (number: number, value: string) => ({
  kind: 'changeSettings' as const,
  id: intentId(number),
  values: { name: value },
})
const shownOf = (view: DocumentView<'playlist'>): Documents['playlist'] => {
  if (view.kind !== 'open') throw new Error(view.kind)
  return view.document
}
const watch = (documents: DocumentService) => {
  const view = documents.view(list)
  const seen: string[] = []
  view.subscribe(() => {
    const now = view.get()
    seen.push(now.kind === 'open' ? String(Object.keys(now.document.entries).length) : now.kind)
  })
  return { view, seen }
}

describe('tabs and their leader', () => {
  test('[DO1] an edit shows at once in its own tab, and in the others when it is kept', async () => {
    const world = createTabWorld()
    world.lead()
    const [one, two] = [world.openTab(), world.openTab()]
    const [own, other] = [watch(one.documents), watch(two.documents)]
    await turns()
    expect(own.view.get()).toMatchObject({ kind: 'open', isKnown: false, isReadOnly: false })
    const editing = one.documents.edit(list, add(1))
    expect(own.seen.at(-1)).toBe('1')
    expect(other.seen.at(-1)).toBe('0')
    expect(await editing).toEqual({ kind: 'kept' })
    await turns()
    expect(other.view.get()).toMatchObject({ kind: 'open', isKnown: true })
    expect(other.seen.at(-1)).toBe('1')
    // It never went away in between.
    expect(own.seen).toEqual(['0', '1', ...own.seen.slice(2).map(() => '1')])
    expect(one.kept.count).toBe(1)
  })

  test('[DO1] equal refs give the same view, a document that nobody shows is not sent, and one that is shown again is fresh', async () => {
    const world = createTabWorld()
    world.lead()
    const [one, two] = [world.openTab(), world.openTab()]
    expect(one.documents.view(list)).toBe(one.documents.view({ address: { kind: 'playlist', id: entryId('list') } }))
    const stop = one.documents.view(list).subscribe(() => undefined)
    await turns()
    stop()
    await world.clock.advance(unwatchAfterMs)
    await two.documents.edit(list, add(1))
    await turns()
    expect(Object.keys(shownOf(one.documents.view(list).get()).entries)).toEqual([])
    one.documents.view(list).subscribe(() => undefined)
    await turns()
    expect(Object.keys(shownOf(one.documents.view(list).get()).entries).length).toBe(1)
  })

  test('[DO1] a document is opened once, and an abort ends the wait', async () => {
    const world = createTabWorld()
    const { documents } = world.openTab()
    const stop = new AbortController()
    const waiting = documents.open(list, stop.signal)
    stop.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
    world.lead()
    expect(await documents.open(list, new AbortController().signal)).toMatchObject({ kind: 'open' })
  })

  test('[DO6] edits that no leader answered are sent to the next one, and one that was kept counts once', async () => {
    const world = createTabWorld()
    const { documents } = world.openTab()
    const { view } = watch(documents)
    // Nobody leads yet.
    const first = documents.edit(list, add(1))
    const early = world.lead(false)
    const second = documents.edit(list, add(2))
    await turns()
    early.open()
    expect(await Promise.all([first, second])).toEqual([{ kind: 'kept' }, { kind: 'kept' }])
    // It keeps the edit and is gone before it answers.
    world.state.delay = 3
    const third = documents.edit(list, add(3))
    while (!world.journal.applied.has(intentId(3))) await turns(1)
    early.die()
    // This one keeps nothing.
    const short = world.lead(false)
    await turns(1)
    short.die()
    world.lead()
    expect(await third).toEqual({ kind: 'kept' })
    await turns()
    expect(Object.keys(shownOf(view.get()).entries).length).toBe(3)
    expect([...world.journal.applied.values()]).toEqual([1, 1, 1])
  })

  test('[DO5] a leader that was superseded answers nothing any more, and tabs leave out what it still sends', async () => {
    const world = createTabWorld()
    const old = world.lead()
    const { documents } = world.openTab()
    const { view } = watch(documents)
    await turns()
    world.state.delay = 4
    const editing = documents.edit(list, add(1))
    await turns(2)
    world.lead()
    expect(await editing).toEqual({ kind: 'kept' })
    await turns()
    expect(old.hasEnded()).toBe(true)
    expect(Object.keys(shownOf(view.get()).entries).length).toBe(1)
    expect([...world.journal.applied.values()]).toEqual([1])
  })

  test('[DO3] a tab that missed a change asks for the whole document', async () => {
    const world = createTabWorld()
    world.lead()
    const [one, two] = [world.openTab(), world.openTab()]
    const { view } = watch(two.documents)
    await turns()
    world.lost.isLosing = (name) => name.endsWith('tab2')
    await one.documents.edit(list, add(1))
    world.lost.isLosing = () => false
    await one.documents.edit(list, add(2))
    await turns()
    expect(Object.keys(shownOf(view.get()).entries).length).toBe(2)
  })

  test('[DO6] an edit that is refused is taken back', async () => {
    const world = createTabWorld()
    world.lead()
    const { documents } = world.openTab()
    const { view, seen } = watch(documents)
    await turns()
    world.state.isWritable = false
    expect(await documents.edit(list, add(1))).toEqual({ kind: 'read-only' })
    expect(seen).toEqual(['0', '1', '0'])
    world.state.isWritable = true
    expect(await documents.edit(settings, set(2, 'x'.repeat(5_000)))).toEqual({
      kind: 'refused',
      reason: 'value-not-permitted',
    })
    expect(view.get()).toMatchObject({ kind: 'open', isKnown: false })
  })

  test('[DO7] a large intent is kept in parts, in order', async () => {
    const world = createTabWorld()
    world.lead()
    const { documents } = world.openTab()
    const entries = Array.from({ length: 2_500 }, (_, index) => ({ ...playlistEntry('p'), id: entryOf(index) }))
    const intent = { kind: 'addEntries', id: intentId(1), entries, place: { kind: 'end' } } as const
    expect(await documents.edit(list, intent)).toEqual({ kind: 'kept' })
    expect(world.journal.applied.size).toBeGreaterThan(2)
    const shown = await documents.open(list, new AbortController().signal)
    expect(Object.keys(shownOf(shown).entries).length).toBe(2_500)
  })

  test('[DO9] a write that fails is told, nothing is wiped, and the next one that succeeds ends it', async () => {
    const world = createTabWorld()
    world.lead()
    const { documents } = world.openTab()
    const { view } = watch(documents)
    const status = documents.status()
    await documents.edit(list, add(1))
    world.state.isFull = true
    expect(await documents.edit(list, add(2))).toEqual({ kind: 'refused', reason: 'storage-failed' })
    await turns()
    expect(status.get()).toEqual({ kind: 'needs-you', reason: 'storage-failed' })
    expect(Object.keys(shownOf(view.get()).entries).length).toBe(1)
    world.state.isFull = false
    expect(await documents.edit(list, add(2))).toEqual({ kind: 'kept' })
    await turns()
    expect(status.get()).toEqual({ kind: 'synced', atMs: 7 })
  })

  test('[DO9] what cannot be opened is unavailable, and opens when it can be', async () => {
    const world = createTabWorld()
    const { host, open } = world.lead(false)
    const { documents } = world.openTab()
    const { view } = watch(documents)
    const status = documents.status()
    await turns()
    expect([view.get().kind, status.get().kind, documents.isWaiting()]).toEqual(['loading', 'starting', true])
    const editing = documents.edit(list, add(1))
    await turns()
    host.fail('not-begun')
    expect(await editing).toEqual({ kind: 'refused', reason: 'not-begun' })
    await turns()
    expect(view.get()).toEqual({ kind: 'unavailable', reason: 'not-begun' })
    expect(status.get()).toEqual({ kind: 'unavailable', reason: 'not-begun' })
    open()
    await turns()
    expect(view.get()).toMatchObject({ kind: 'open' })
    expect(status.get()).toMatchObject({ kind: 'synced' })
    expect(documents.isWaiting()).toBe(false)
    documents.fail('not-supported')
    expect(view.get()).toMatchObject({ kind: 'unavailable', reason: 'not-supported' })
  })

  test('[DO6] an intent that is not understood is refused before it is in the journal', async () => {
    const world = createTabWorld()
    world.lead()
    const answers: unknown[] = []
    world.openChannel('tonestead-documents/tab/raw').onMessage((message) => answers.push(message))
    const message = { v: 1, kind: 'edit', tab: 'raw', number: 1, name: 'settings' }
    const toLeader = world.openChannel('tonestead-documents/leader')
    toLeader.post({ ...message, intent: { kind: 'changeSettings', id: intentId(1) } })
    toLeader.post({ ...message, number: 2, name: 'unknown', intent: { kind: 'changeSettings', id: intentId(2) } })
    await turns()
    expect(answers).toMatchObject([
      { number: 1, result: { kind: 'refused', reason: 'not-understood' } },
      { number: 2, result: { kind: 'refused', reason: 'unknown-document' } },
    ])
    expect(world.journal.applied.size).toBe(0)
  })

  test('[DO6] messages that are none are left alone', async () => {
    const world = createTabWorld()
    world.lead()
    const { documents } = world.openTab()
    const { view } = watch(documents)
    await turns()
    for (const name of ['leader', 'tab/tab1', 'tabs'])
      for (const message of [undefined, 'x', { v: 2, kind: 'watch' }, { v: 1, kind: 'document', fence: 9 }])
        world.openChannel(`tonestead-documents/${name}`).post(message)
    await turns()
    expect(view.get()).toMatchObject({ kind: 'open' })
    expect(await documents.edit(list, add(1))).toEqual({ kind: 'kept' })
  })
})

type Step = { readonly kind: 'edit' | 'lead' | 'die' | 'wait' | 'freeze'; readonly tab: number }
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('edit', 'edit', 'edit', 'edit', 'wait', 'wait', 'lead', 'die', 'freeze'),
  tab: fc.nat(2),
})

test('[DO6] whatever leaders come and go, no edit is lost, none counts twice, and all tabs show the same in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(3), async (steps, delay) => {
      const world = createTabWorld()
      world.state.delay = delay
      const tabs = [world.openTab(), world.openTab(), world.openTab()]
      const views = tabs.map(({ documents }) => watch(documents).view)
      const results: Promise<{ kind: string }>[] = []
      let leader = world.lead()
      for (const { kind, tab } of steps) {
        if (kind === 'edit') results.push(tabs[tab]!.documents.edit(list, add(results.length + 1)))
        if (kind === 'die') leader.die()
        // The one before goes on for a while, as one that was frozen does.
        if (kind === 'lead') leader = world.lead()
        if (kind === 'freeze') tabs[tab]!.documents.refresh()
        if (kind === 'wait') await turns(tab + 1)
      }
      world.lead()
      expect(new Set((await Promise.all(results)).map((result) => result.kind)).size).toBeLessThan(2)
      expect((await Promise.all(results)).every(({ kind }) => kind === 'kept')).toBe(true)
      expect(world.journal.applied.size).toBe(results.length)
      expect([...world.journal.applied.values()].every((count) => count === 1)).toBe(true)
      await turns(20)
      const entries = views.map((view) => shownOf(view.get()))
      expect(Object.keys(entries[0]!.entries).length).toBe(results.length)
      expect(entries[1]).toEqual(entries[0])
      expect(entries[2]).toEqual(entries[0])
    }),
    { numRuns: 150 },
  )
})
