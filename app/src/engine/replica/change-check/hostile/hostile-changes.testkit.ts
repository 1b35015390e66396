import * as Automerge from '@automerge/automerge'
import type { Doc } from '@automerge/automerge'
import { isDeepStrictEqual } from 'node:util'
import { changeLimits } from '../change-limits.ts'
import type { ChangeVerdict } from '../change-check.ts'
import { createChangeCheck } from '../create-change-check.ts'
import { actorOf, edit, editKinds, envelopeId, type Sample } from '../honest-history.testkit.ts'
import { hostileBytes } from './hostile-bytes.testkit.ts'
import { hostileOperations } from './hostile-operations.testkit.ts'
import { createVictim, seededRandom, type HostileKind, type Victim } from './hostile-victim.testkit.ts'
import { largeChanges } from './large-changes.testkit.ts'

/** Every kind of hostile body, by name. */
export const hostileKinds: Readonly<Record<string, HostileKind>> = {
  ...hostileBytes,
  ...hostileOperations,
  ...largeChanges,
}

const { check } = createChangeCheck({ permits: () => true, limits: changeLimits })

export type HostileCase = {
  readonly victim: Victim
  readonly changes: readonly Uint8Array[]
  readonly mayPass: boolean
}

/** The same kind, seed and victim give the same case. `harmOf` changes the victim. */
export const hostileCase = (kind: string, seed: number, victim = createVictim(seededRandom(seed))): HostileCase => {
  const known = hostileKinds[kind]
  if (known === undefined) throw new Error(`no kind ${kind}`)
  const random = seededRandom(seed)
  return { victim, changes: known.make(victim, random), mayPass: known.mayPass === true }
}

export const checkHostile = ({ victim, changes }: HostileCase): ChangeVerdict =>
  check({ actor: victim.actor, changes, index: victim.index, isPast: () => true, follows: undefined })

/**
 * What accepted changes break in the document of an honest reader; undefined: nothing. The document must save, load, be replayed, and be edited, and the
 * check must accept those edits.
 */
export const harmOf = (hostile: HostileCase, verdict: ChangeVerdict & { kind: 'ok' }): string | undefined => {
  const { victim, changes } = hostile
  try {
    const reader = Automerge.clone(victim.document, { actor: actorOf('next reader') })
    const [applied] = Automerge.applyChanges(reader, [...changes])
    if (Automerge.getMissingDeps(applied, []).length > 0) return 'misses dependencies'
    const loaded = reloaded(applied)
    if (loaded === undefined) return 'loads as another document'
    const replayed = Automerge.applyChanges(Automerge.init<Sample>(), Automerge.getAllChanges(applied))[0]
    if (!isSame(replayed, applied)) return 'replays as another document'
    victim.index.add({ envelope: envelopeId('hostile'), changes: verdict.changes })
    return harmToEdits(victim, applied)
  } catch (error) {
    return String(error)
  }
}

const isSame = (a: Doc<Sample>, b: Doc<Sample>): boolean =>
  isDeepStrictEqual(Automerge.getHeads(a), Automerge.getHeads(b)) &&
  isDeepStrictEqual(Automerge.toJS(a), Automerge.toJS(b))

const reloaded = (doc: Doc<Sample>): Doc<Sample> | undefined => {
  const loaded = Automerge.load<Sample>(Automerge.save(doc), { actor: Automerge.getActorId(doc) })
  return isSame(loaded, doc) ? loaded : undefined
}

const harmToEdits = ({ index }: Victim, applied: Doc<Sample>): string | undefined => {
  let doc = applied
  const own: Uint8Array[] = []
  for (const [pick, kind] of editKinds.entries()) {
    const before = Automerge.getHeads(doc)
    doc = edit(doc, kind, pick + 1)
    if (!isDeepStrictEqual(Automerge.getHeads(doc), before)) own.push(Automerge.getLastLocalChange(doc)!)
  }
  const verdict = check({
    actor: Automerge.getActorId(doc),
    changes: own,
    index,
    isPast: () => true,
    follows: undefined,
  })
  if (verdict.kind === 'void') return `an honest edit after it is void: ${verdict.reason}`
  return reloaded(doc) === undefined ? 'loads as another document after edits' : undefined
}
