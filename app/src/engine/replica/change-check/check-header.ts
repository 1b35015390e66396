import type { ChangeCheckRequest } from './change-check.ts'
import type { EnvelopeDraft } from './envelope-draft.ts'
import type { ChangeRecord } from './operation-index/op-record.ts'
import type { VoidReason } from './void-reason.ts'

type HeaderContext = { readonly draft: EnvelopeDraft; readonly request: ChangeCheckRequest }

/** Actor, place in the feed, dependencies and first counter of a change. */
export const checkHeader = (context: HeaderContext, change: ChangeRecord): VoidReason | undefined => {
  const { draft, request } = context
  if (change.actor !== request.actor) return 'wrong-actor'
  const own = draft.changes()
  const earlier = request.index.graph.changesOf(request.actor)
  if (change.seq !== earlier.length + own.length + 1) return 'wrong-seq'
  const deps = readDeps(context, change.deps)
  if (deps === undefined) return 'wrong-deps'
  const past = draft.follow(deps.indexed)
  const before = own.at(-1)
  const mustFollow = before === undefined ? previousOf(request) : []
  const follows = before === undefined || change.deps.includes(before.hash)
  if (!follows || !mustFollow.every((number) => past.has(number))) return 'wrong-deps'
  return change.startOp === deps.maxOp + 1 ? undefined : 'wrong-start'
}

type Deps = { readonly indexed: readonly number[]; readonly maxOp: number }

const readDeps = ({ draft, request }: HeaderContext, hashes: readonly string[]): Deps | undefined => {
  const { graph } = request.index
  const indexed: number[] = []
  let maxOp = 0
  for (const hash of hashes) {
    const own = draft.changeOf(hash)
    const number = own === undefined ? graph.numberOf(hash) : undefined
    if (own === undefined && (number === undefined || !isPast(request, number))) return undefined
    if (number !== undefined) indexed.push(number)
    maxOp = Math.max(maxOp, own?.maxOp ?? graph.maxOpOf(number ?? 0))
  }
  // Every document begins with a constant change, so there is always something to follow.
  return hashes.length === 0 || new Set(hashes).size < hashes.length ? undefined : { indexed, maxOp }
}

const isPast = ({ index, isPast: isEnvelopePast }: ChangeCheckRequest, change: number): boolean => {
  const envelope = index.graph.envelopeOf(change)
  return envelope === undefined || isEnvelopePast(envelope)
}

/**
 * What the first change of an envelope must follow. Without the feed's own last change, the counters of its operations could be used twice: a document that
 * Automerge cannot load.
 */
const previousOf = ({ index, actor, follows }: ChangeCheckRequest): number[] => {
  const last = index.graph.changesOf(actor).at(-1)
  if (last !== undefined) return [last]
  if (follows === undefined) return []
  const number = index.graph.numberOf(follows)
  if (number === undefined) throw new Error('the change to follow is not indexed')
  return [number]
}
