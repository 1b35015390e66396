import * as Automerge from '@automerge/automerge'
import type { Doc } from '@automerge/automerge'
import { concat, type Bytes } from '@tonestead/protocol/bytes'
import { changeOf, partsOf, type ChangeParts } from './change-bytes.testkit.ts'
import { readTrustedChanges } from '../decode-change.ts'
import { createDocumentIndex, type DocumentIndex } from '../operation-index/document-index.ts'
import { actorOf, edit, editKinds, envelopeId, firstDocument, text, type Sample } from '../honest-history.testkit.ts'

// Bodies that an editor could seal with his own, right keys. Everything follows from the numbers that `random` gives.

/** At least 0, below 1. */
export type Random = () => number

/** A small generator, so that a seed gives the same bodies everywhere (mulberry32). */
export const seededRandom = (seed: number): Random => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A document of two honest devices, and an editor who has read a part of it. */
export type Victim = {
  readonly document: Doc<Sample>
  /** What the hostile editor builds on; `concurrent` is not in it. */
  readonly read: Doc<Sample>
  readonly concurrent: Automerge.DecodedChange
  readonly index: DocumentIndex
  readonly actor: string
  /** Changes of the editor before, if any: seq of the next one is theirs + 1. */
  readonly earlier: number
}

export const createVictim = (random: Random): Victim => {
  const pick = (): number => Math.floor(random() * 1000)
  const first = firstDocument()
  const play = (doc: Doc<Sample>, count: number): Doc<Sample> =>
    Array.from({ length: count }, () => editKinds[pick() % editKinds.length]!).reduce(
      (at, kind) => edit(at, kind, pick()),
      doc,
    )
  const seeded = Automerge.change(Automerge.clone(first, { actor: actorOf('honest 1') }), { time: 0 }, (draft) => {
    draft.title = text('a title')
    draft.seq.push(text('one'), text('two'), text('three'))
    draft.entries['kept'] = { at: text('one'), tags: [text('a')] }
    draft.entries['other'] = { at: text('two') }
  })
  const one = play(seeded, 4)
  const actor = actorOf('hostile')
  const own = random() < 0.5 ? 0 : 1 + (pick() % 3)
  let read = Automerge.clone(one, { actor })
  for (let count = 0; count < own; count += 1)
    read = Automerge.change(read, { time: 0 }, (draft) => void (draft.title = text(`mine ${count} ${pick()}`)))
  const two = Automerge.change(Automerge.clone(one, { actor: actorOf('honest 2') }), { time: 0 }, (draft) => {
    draft.seq.unshift(text('concurrent'))
    draft.entries['concurrent'] = { at: text('concurrent') }
    draft.title = text('concurrent')
  })
  const document = Automerge.merge(Automerge.clone(read, { actor: actorOf('reader') }), two)
  const changes = readTrustedChanges(Automerge.getAllChanges(document))
  const index = createDocumentIndex([{ envelope: envelopeId('honest'), changes }])
  return {
    document,
    read,
    concurrent: Automerge.decodeChange(Automerge.getLastLocalChange(two)!),
    index,
    actor,
    earlier: own,
  }
}

export type Decoded = Omit<Automerge.DecodedChange, 'ops' | 'hash'> & { ops: HostileOp[] }
export type HostileOp = Record<string, unknown> & { action: string; obj: string; pred?: string[] }
export type Maker = (victim: Victim, random: Random) => readonly Uint8Array[]

export const honestBytes = ({ read }: Victim, random: Random): Bytes =>
  concat(
    Automerge.getLastLocalChange(
      Automerge.change(Automerge.clone(read, { actor: Automerge.getActorId(read) }), { time: 0 }, (draft) => {
        draft.title = text(`t${Math.floor(random() * 1e6)}`)
        draft.seq.splice(0, 1, text('new'))
        draft.entries['fresh'] = { at: text('new'), plays: 1 }
        draft.entries['kept'] = { at: text('new') }
      }),
    )!,
  )

/** Changes the decoded form of a right change. */
export const decoded =
  (alter: (change: Decoded, victim: Victim, random: Random) => void): Maker =>
  (victim, random) => {
    // `encodeChange` does not read the hash.
    const change = Automerge.decodeChange(honestBytes(victim, random)) as unknown as Decoded
    alter(change, victim, random)
    return [Automerge.encodeChange(change as never)]
  }

/** Changes the parts of the bytes. */
export const parts =
  (alter: (change: ChangeParts, random: Random) => void): Maker =>
  (victim, random) => {
    const change = partsOf(honestBytes(victim, random))
    alter(change, random)
    return [changeOf(change)]
  }

export const oneOf = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!
export const lengths = [8_193, 65_536, 1e6, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53 - 1, 2n ** 62n, 2n ** 63n - 1n] as const

export const setTitle = (victim: Victim, more: Record<string, unknown> = {}): HostileOp => ({
  action: 'set',
  obj: '_root',
  key: 'title',
  value: 'x',
  pred: visibleTitle(victim),
  ...more,
})
/** Ids of the operations that a new title overwrites. */
export const visibleTitle = ({ read }: Victim): string[] =>
  Automerge.getBackend(read)
    .getAll('_root', 'title')
    .map((value) => String(value.at(-1)))

export const listOf = ({ read }: Victim): string => Automerge.getObjectId(read.seq)!
export const entriesOf = ({ read }: Victim): string => Automerge.getObjectId(read.entries)!
export const elementOf = (victim: Victim): string => {
  for (const change of Automerge.getAllChanges(victim.read))
    for (const [index, op] of (
      Automerge.decodeChange(change) as unknown as Decoded & { startOp: number }
    ).ops.entries())
      if (op['insert'] === true && op.obj === listOf(victim)) {
        const { startOp, actor } = Automerge.decodeChange(change)
        return `${startOp + index}@${actor}`
      }
  throw new Error('no element')
}
export const concurrentOp = ({ concurrent }: Victim, action: string): string =>
  `${concurrent.startOp + concurrent.ops.findIndex((op) => op.action === action)}@${concurrent.actor}`

/** A kind of hostile body. `mayPass`: some of its bodies are harmless, and may be accepted. */
export type HostileKind = { readonly make: Maker; readonly mayPass?: true }
