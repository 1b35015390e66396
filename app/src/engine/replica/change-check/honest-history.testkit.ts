import * as Automerge from '@automerge/automerge'
import type { Doc } from '@automerge/automerge'
import { syncIdOfBytes, type ItemId } from '@tonestead/protocol/sync/sync-ids'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { readTrustedChanges } from './decode-change.ts'
import { createDocumentIndex, type DocumentIndex } from './operation-index/document-index.ts'

// Random histories of real Automerge documents: several devices that edit, seal and merge.

/** The shape of the documents in these tests. */
export type Sample = {
  title: Automerge.ImmutableString
  entries: Record<string, { at: Automerge.ImmutableString; plays?: number; tags?: Automerge.ImmutableString[] }>
  seq: Automerge.ImmutableString[]
  notes?: string
}

export const text = (value: string): Automerge.ImmutableString => new Automerge.ImmutableString(value)
export const actorOf = (name: string): string => createHash('sha256').update(name).digest('hex')
export const envelopeId = (name: string): ItemId => syncIdOfBytes(createHash('sha256').update(name).digest()) as ItemId

const fixedActor = '00'
/** The document with its constant first change. */
export const firstDocument = (): Doc<Sample> =>
  Automerge.change(Automerge.init<Sample>({ actor: fixedActor }), { time: 0 }, (draft) => {
    draft.title = text('')
    draft.entries = {}
    draft.seq = []
  })

export type Sealed = {
  readonly id: ItemId
  readonly actor: string
  readonly changes: readonly Uint8Array[]
  /** Envelopes that the author had. */
  readonly past: ReadonlySet<ItemId>
  readonly follows: string | undefined
}

export const editKinds = [
  'add',
  'remove',
  'move',
  'title',
  'plays',
  'tag',
  'bulk',
  'cut',
  'notes',
  'again',
  'empty',
] as const
export type EditKind = (typeof editKinds)[number]

export type Step =
  | { readonly kind: 'edit'; readonly device: number; readonly edit: EditKind; readonly pick: number }
  | { readonly kind: 'seal'; readonly device: number }
  | { readonly kind: 'read'; readonly device: number; readonly from: number }
  | { readonly kind: 'restart'; readonly device: number }

const devices = 4
const device = fc.nat({ max: devices - 1 })
export const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('edit' as const),
        device,
        edit: fc.constantFrom(...editKinds),
        pick: fc.nat({ max: 1000 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('seal' as const), device }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), device, from: device }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), device }) },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
)

/** One edit. `pick` chooses among what is there; nothing may change. */
export const edit = (doc: Doc<Sample>, kind: EditKind, pick: number): Doc<Sample> => {
  if (kind === 'empty') return Automerge.emptyChange(doc, { time: 0 })
  const ids = Object.keys(doc.entries).sort()
  const id = ids[pick % Math.max(ids.length, 1)] ?? 'none'
  const place = pick % (doc.seq.length + 1)
  return Automerge.change(doc, { time: pick }, (draft) => {
    const entry = draft.entries[id]
    if (kind === 'add') {
      draft.entries[`entry-${pick % 50}`] = { at: text(`slot-${pick}`) }
      draft.seq.splice(place, 0, text(`slot-${pick}`))
    }
    if (kind === 'remove') delete draft.entries[id]
    if (kind === 'move' && entry !== undefined) entry.at = text(`slot-${pick}`)
    if (kind === 'title') draft.title = text(`title ${pick}`)
    if (kind === 'plays' && entry !== undefined) entry.plays = pick / 2
    if (kind === 'tag' && entry !== undefined) {
      entry.tags ??= []
      entry.tags.push(text(`tag ${pick}`))
    }
    if (kind === 'bulk')
      draft.seq.splice(place, 0, ...Array.from({ length: pick % 40 }, (_, index) => text(`b${index}`)))
    if (kind === 'cut') draft.seq.splice(place, pick % 5)
    if (kind === 'notes') draft.notes = `notes ${pick}`
    // Several operations at one place in one change.
    if (kind === 'again') {
      draft.title = text('once')
      draft.title = text(`again ${pick}`)
      delete draft.entries[id]
      draft.entries[id] = { at: text('x') }
      if (draft.seq.length > 0) draft.seq[place % draft.seq.length] = text(`set ${pick}`)
    }
  })
}

/** Plays the steps. The envelopes come in the order in which they were sealed, which is a causal order. */
export const playHistory = (steps: readonly Step[]): { sealed: readonly Sealed[]; documents: Doc<Sample>[] } => {
  const first = firstDocument()
  const states = Array.from({ length: devices }, (_, number) => ({
    name: `device ${number}`,
    feeds: 0,
    doc: Automerge.clone(first, { actor: actorOf(`device ${number} 0`) }),
    unsealed: [] as Uint8Array[],
    past: new Set<ItemId>(),
    follows: undefined as string | undefined,
    last: undefined as string | undefined,
  }))
  const sealed: Sealed[] = []
  const seal = (state: (typeof states)[number]): void => {
    if (state.unsealed.length === 0) return
    const id = envelopeId(`envelope ${sealed.length}`)
    const actor = Automerge.getActorId(state.doc)
    sealed.push({ id, actor, changes: state.unsealed, past: new Set(state.past), follows: state.follows })
    state.last = Automerge.decodeChange(state.unsealed.at(-1)!).hash
    state.unsealed = []
    state.past.add(id)
  }
  for (const step of steps) {
    const state = states[step.device]!
    if (step.kind === 'edit') {
      const before = Automerge.getHeads(state.doc)
      state.doc = edit(state.doc, step.edit, step.pick)
      if (String(Automerge.getHeads(state.doc)) !== String(before))
        state.unsealed.push(Automerge.getLastLocalChange(state.doc)!)
    } else if (step.kind === 'seal') seal(state)
    else if (step.kind === 'read') {
      const other = states[step.from]!
      seal(other)
      state.doc = Automerge.merge(state.doc, Automerge.clone(other.doc))
      for (const id of other.past) state.past.add(id)
    } else {
      seal(state)
      state.feeds += 1
      state.follows = state.last
      state.doc = Automerge.clone(state.doc, { actor: actorOf(`${state.name} ${state.feeds}`) })
    }
  }
  for (const state of states) seal(state)
  return { sealed, documents: states.map(({ doc }) => doc) }
}

/** An index with the constant first change alone. */
export const firstIndex = (): DocumentIndex =>
  createDocumentIndex([{ envelope: undefined, changes: readTrustedChanges(Automerge.getAllChanges(firstDocument())) }])
