import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
import type { IntentId } from '@tonestead/crdt/ids'
import type { DocumentRef, DocumentService, EditResult } from '../documents/documents.ts'
import { createSerialQueue } from '../replica/serial-queue.ts'
import { createPlaceOrigins, type OrderedKind, type PlaceOrigins } from './place-origins.ts'
import type { ChangeFailure, Changed, Undone } from './playlists.ts'
import { prepareChange, type Planned, type Step } from './prepare-change.ts'

/**
 * The changes of one document that this tab made, for undo and redo. Changes and undos run one after the other.
 * An undo is a change like any other (`undoOf`): it takes back nothing that others did meanwhile.
 */
export type UndoHistory<K extends OrderedKind> = {
  /** Applies intents as one change, all or none. They are made of the document as it is after all changes before; none: there is nothing to do. */
  readonly change: (make: (document: Documents[K]) => readonly Intents[K][]) => Promise<Changed>
  /** Takes back the newest change. */
  readonly undo: () => Promise<Undone>
  /** Applies the change again that was taken back last; after another change there is none. */
  readonly redo: () => Promise<Undone>
}

type Deps<K extends OrderedKind> = {
  readonly documents: DocumentService
  readonly kind: K
  readonly ref: DocumentRef<K>
  readonly newIntentId: () => IntentId
}
type Command<K extends OrderedKind> = readonly Step<K>[]
type Commands<K extends OrderedKind> = readonly Command<K>[]
type Applied<K extends OrderedKind> = { readonly kind: 'applied'; readonly command: Command<K> } | ChangeFailure
type Context<K extends OrderedKind> = Deps<K> & { readonly origins: PlaceOrigins }

/** Older changes cannot be taken back any more. */
const mostCommands = 100

export const createUndoHistory = <K extends OrderedKind>(deps: Deps<K>): UndoHistory<K> => {
  const context = { ...deps, origins: createPlaceOrigins(deps.newIntentId) }
  const serial = createSerialQueue()
  let done: Commands<K> = []
  let undone: Commands<K> = []
  const undoCommand = async (command: Command<K> | undefined): Promise<Undone> => {
    if (command === undefined || !done.includes(command)) return { kind: 'nothing' }
    const applied = await revert(context, command)
    if (applied.kind !== 'applied') return applied
    done = done.filter((other) => other !== command)
    undone = [...undone, applied.command]
    return undoneBy(applied.command)
  }
  const redo = async (): Promise<Undone> => {
    const command = undone.at(-1)
    if (command === undefined) return { kind: 'nothing' }
    const applied = await revert(context, command)
    if (applied.kind !== 'applied') return applied
    undone = undone.slice(0, -1)
    done = [...done, applied.command]
    return undoneBy(applied.command)
  }
  const change: UndoHistory<K>['change'] = async (make) => {
    const applied = await apply(context, (document) => make(document).map((intent) => ({ intent })))
    if (applied.kind !== 'applied') return applied
    const { command } = applied
    if (command.length === 0) return { kind: 'unchanged' }
    done = [...done, command].slice(-mostCommands)
    undone = []
    return { kind: 'changed', undo: () => serial.run(() => undoCommand(command)) }
  }
  return {
    change: (make) => serial.run(() => change(make)),
    undo: () => serial.run(() => undoCommand(done.at(-1))),
    redo: () => serial.run(redo),
  }
}

/** A command without steps changed nothing: others had changed it all meanwhile. */
const undoneBy = (command: Command<OrderedKind>): Undone => ({ kind: command.length === 0 ? 'nothing' : 'undone' })

/** Applies what is planned for the document as it is now. Returns the steps that take it back. */
const apply = async <K extends OrderedKind>(
  { documents, kind, ref, newIntentId, origins }: Context<K>,
  plan: (document: Documents[K]) => readonly Planned<K>[],
): Promise<Applied<K>> => {
  const view = await documents.open(ref, new AbortController().signal)
  if (view.kind === 'unavailable') return view
  if (view.isReadOnly) return { kind: 'read-only' }
  const change = { before: view.document, planned: plan(view.document) }
  const prepared = prepareChange(kind, change, newIntentId)
  if (prepared.kind === 'refused') return prepared
  const results = await Promise.all(prepared.parts.map(({ intent }) => documents.edit(ref, intent)))
  const failure = results.find(isFailure)
  if (failure !== undefined) return failure
  for (const { intent, standsFor } of prepared.parts) if (standsFor !== undefined) origins.note(intent.id, standsFor)
  return { kind: 'applied', command: prepared.parts.flatMap(({ step }) => step ?? []) }
}

/** Takes a command back, its parts in reverse order. Returns the command that applies it again. */
const revert = async <K extends OrderedKind>(context: Context<K>, command: Command<K>): Promise<Applied<K>> => {
  const steps: Step<K>[] = []
  for (const { undo, makers } of command.toReversed()) {
    const applied = await apply(context, (document) =>
      context.origins.returned<K>(undo, document).map((intent): Planned<K> => ({ intent, standsFor: makers })),
    )
    if (applied.kind !== 'applied') return applied
    steps.push(...applied.command)
  }
  return { kind: 'applied', command: steps }
}

const isFailure = (result: EditResult): result is Extract<EditResult, { kind: 'refused' | 'read-only' }> =>
  result.kind === 'refused' || result.kind === 'read-only'
