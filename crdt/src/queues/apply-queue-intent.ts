import { maxQueueEntries, maxSlots } from '../documents/document-limits.ts'
import { optionalTextOf, textOf, type DraftTools } from '../documents/document-text.ts'
import { outcomeOf, refused, type Outcome, type RefusalReason } from '../documents/intent-outcome.ts'
import { fitsOneChange } from '../documents/intent-size.ts'
import { textFormats } from '../documents/text-formats.ts'
import type { IntentId } from '../ids.ts'
import { entryOfSlot, intentOfSlot, isPartOf, slotOf } from '../slots/slot-ids.ts'
import type { Place } from '../slots/place.ts'
import { openSlotList, recordOf, type SlotList } from '../slots/slot-list.ts'
import { packedContext, packedQueueEntry } from './packed-queue.ts'
import type { QueueDocument } from './queue-document.ts'
import type { QueueIntent, QueueStep } from './queue-intent.ts'

type Tools = DraftTools<QueueDocument>
/** What the steps of one intent share. `replaced`: entries whose former slots are removed at the end. */
type Work = {
  readonly draft: QueueDocument
  readonly tools: Tools
  readonly intent: IntentId
  readonly list: SlotList
  readonly replaced: Set<string>
}

/** [IN1] [QD3] Applies an intent to the draft of a queue. Slots that are no longer used are removed at once: a queue is replaced many times a day. */
export const applyQueueIntent = (draft: QueueDocument, intent: QueueIntent, tools: Tools): Outcome => {
  const refusal = refusalOf(tools.before ?? draft, intent)
  if (refusal !== undefined) return refused(refusal)
  const list = openSlotList({ draft, tools })
  if (intent.kind === 'adoptQueue' && !isOnlyAdopted(tools.before ?? draft, intent.id)) return outcomeOf(0)
  const work = { draft, tools, intent: intent.id, list, replaced: new Set<string>() }
  const changes = intent.steps.reduce((count, step) => count + applyStep(work, step), 0)
  list.remove((slot) => {
    const id = entryOfSlot(slot)
    return work.replaced.has(id) && textOf(recordOf(draft, id)?.at) !== slot
  })
  return outcomeOf(changes)
}

/** [QD4] Whether every slot was made by a part of this adoption. */
const isOnlyAdopted = ({ seq }: QueueDocument, intent: IntentId): boolean =>
  seq.every((slot) => isPartOf(intentOfSlot(textOf(slot)), intent))

/** Returns how much the step changed. */
const applyStep = (work: Work, step: QueueStep): number => {
  const { draft } = work
  switch (step.kind) {
    case 'removeEntries':
      return removeEntries(work, step.ids)
    case 'insertEntries':
      return insertEntries(work, step)
    case 'moveEntries':
      return moveEntries(work, step)
    case 'setCurrent':
      return setText(work, 'current', step.entry)
    case 'setContext':
      return setText(work, 'context', step.context && packedContext.pack(step.context))
    case 'setShuffle':
      return setShuffle(draft, step.isShuffled)
    case 'setRepeat':
      return setText(work, 'repeat', step.repeat)
  }
}

const removeEntries = ({ draft, replaced }: Work, ids: readonly string[]): number => {
  const present = [...new Set(ids)].filter((id) => recordOf(draft, id) !== undefined)
  for (const id of present) {
    delete draft.entries[id]
    replaced.add(id)
  }
  return present.length
}

const insertEntries = (
  { draft, tools, intent, list }: Work,
  { entries, place }: Extract<QueueStep, { kind: 'insertEntries' }>,
): number => {
  const added = new Map(
    entries.filter(({ id }) => recordOf(draft, id) === undefined).map((entry) => [entry.id as string, entry]),
  )
  if (added.size === 0) return 0
  for (const [id, slot] of list.insert({ ids: [...added.keys()], place }, intent)) {
    const entry = added.get(id)
    if (entry !== undefined)
      draft.entries[id] = { at: tools.immutable(slot), item: tools.immutable(packedQueueEntry.pack(entry)) }
  }
  return added.size
}

const moveEntries = (work: Work, { ids, place }: { ids: readonly string[]; place: Place }): number => {
  const { draft, tools, intent, list, replaced } = work
  const moved = [...new Set(ids)].filter((id) => recordOf(draft, id) !== undefined && !list.has(slotOf(id, intent)))
  if (moved.length === 0) return 0
  for (const [id, slot] of list.insert({ ids: moved, place }, intent)) {
    const record = recordOf(draft, id)
    if (record !== undefined) record.at = tools.immutable(slot)
    replaced.add(id)
  }
  return moved.length
}

const setShuffle = (draft: QueueDocument, isShuffled: boolean): number => {
  if ((draft.isShuffled ?? false) === isShuffled) return 0
  draft.isShuffled = isShuffled
  return 1
}

const setText = ({ draft, tools }: Work, field: 'current' | 'context' | 'repeat', text: string | undefined): number => {
  const current = optionalTextOf(draft[field]) ?? (field === 'repeat' ? 'off' : undefined)
  if (current === text) return 0
  if (text === undefined) delete draft[field]
  else draft[field] = tools.immutable(text)
  return 1
}

const refusalOf = (before: QueueDocument, { steps }: QueueIntent): RefusalReason | undefined => {
  const inserted = steps.flatMap((step) => (step.kind === 'insertEntries' ? step.entries : []))
  const removed = steps.flatMap((step) => (step.kind === 'removeEntries' ? step.ids : []))
  const moved = steps.flatMap((step) => (step.kind === 'moveEntries' ? step.ids : []))
  const texts = inserted.map(packedQueueEntry.pack)
  const named = [...inserted.map(({ id }) => id), ...removed, ...moved]
  if (!steps.every(isStepPermitted) || !texts.every(textFormats.queueEntry)) return 'value-not-permitted'
  if (isContradictory(steps, named)) return 'contradictory'
  if (!fitsOneChange(named.length, texts)) return 'intent-too-large'
  const gone = removed.filter((id) => recordOf(before, id) !== undefined).length
  const added = inserted.filter(({ id }) => recordOf(before, id) === undefined).length
  const isFull =
    Object.keys(before.entries).length + added - gone > maxQueueEntries ||
    before.seq.length + added + moved.length > maxSlots
  return added > 0 && isFull ? 'document-full' : undefined
}

/** An entry is inserted, moved or removed by one step, and a setting is set by one; so a second application changes nothing [IN2]. */
const isContradictory = (steps: readonly QueueStep[], named: readonly string[]): boolean => {
  const settings = steps.map(({ kind }) => kind).filter((kind) => kind.startsWith('set'))
  return new Set(named).size < named.length || new Set(settings).size < settings.length
}

const isStepPermitted = (step: QueueStep): boolean => {
  if (step.kind === 'insertEntries') return step.entries.every(({ id }) => textFormats.entryId(id))
  if (step.kind === 'setCurrent') return step.entry === undefined || textFormats.entryId(step.entry)
  if (step.kind === 'setContext')
    return step.context === undefined || textFormats.context(packedContext.pack(step.context))
  return step.kind !== 'setRepeat' || textFormats.repeat(step.repeat)
}
