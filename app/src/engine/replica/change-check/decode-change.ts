import { decodeChange, encodeChange } from '@automerge/automerge/slim'
import type { ChangeRecord, OpAction, OpRecord } from './operation-index/op-record.ts'
import type { ScalarValue } from './schema-operation.ts'

/** An operation with its value; only `set` has one. */
type DecodedOp = { readonly record: OpRecord; readonly value: ScalarValue | undefined }
export type DecodedChange = { readonly change: ChangeRecord; readonly values: readonly (ScalarValue | undefined)[] }

/** Decodes a change that `scanChange` let pass. */
export const decodeScanned = (bytes: Uint8Array): DecodedChange | 'undecodable' | 'not-canonical' | 'not-permitted' => {
  const decoded = attempt(() => decodeChange(bytes))
  if (decoded === undefined) return 'undecodable'
  const again = attempt(() => encodeChange(decoded))
  if (again === undefined || !isSame(again, bytes)) return 'not-canonical'
  const ops = decoded.ops.map(readOp)
  const known = ops.filter((op) => op !== undefined)
  if (known.length !== ops.length) return 'not-permitted'
  const { hash, actor, seq, startOp, deps } = decoded
  const records = known.map(({ record }) => record)
  return {
    change: { hash, actor, seq, startOp, maxOp: startOp + ops.length - 1, deps, ops: records },
    values: known.map(({ value }) => value),
  }
}

/** Automerge throws on bytes that it cannot read, and on integers beyond 2^53: the expected outcome of a hostile change, not a fault. */
const attempt = <Result>(run: () => Result): Result | undefined => {
  try {
    return run()
  } catch {
    return undefined
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

/** What `decodeChange` really gives; the type of the library names only a part of it. */
type AutomergeOp = {
  readonly action: string
  readonly obj: string
  readonly key?: string
  readonly elemId?: string
  readonly insert?: boolean
  readonly value?: unknown
  readonly datatype?: string
  readonly pred?: readonly string[]
}

const actions: ReadonlySet<string> = new Set<OpAction>(['set', 'del', 'makeMap', 'makeList', 'makeText'])
const isAction = (action: string): action is OpAction => actions.has(action)

const readOp = (op: AutomergeOp): DecodedOp | undefined => {
  const place = readPlace(op)
  const value = op.action === 'set' ? readValue(op) : undefined
  if (!isAction(op.action) || place === undefined) return undefined
  if (op.action === 'set' && value === undefined) return undefined
  return { record: { action: op.action, object: op.obj, place, preds: op.pred ?? [] }, value }
}

const readPlace = ({ key, elemId, insert }: AutomergeOp): OpRecord['place'] | undefined => {
  if (key !== undefined) return insert === true || elemId !== undefined ? undefined : { kind: 'key', key }
  if (elemId === undefined) return undefined
  if (insert === true) return { kind: 'insert', after: elemId }
  return elemId === '_head' ? undefined : { kind: 'element', element: elemId }
}

/** No counters and no times: the schema has neither, and intents are set-like. */
const readValue = ({ value, datatype }: AutomergeOp): ScalarValue | undefined => {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  return typeof value === 'number' && (datatype === 'int' || datatype === 'float64') ? value : undefined
}

/** Records of changes that need no check: the constant first change of a document, a migration, a checked snapshot. Throws what Automerge throws. */
export const readTrustedChanges = (changes: readonly Uint8Array[]): ChangeRecord[] =>
  changes.map((bytes) => {
    const { hash, actor, seq, startOp, deps, ops } = decodeChange(bytes)
    const records = ops.map(readOp).filter((op) => op !== undefined)
    if (records.length !== ops.length) throw new Error('a trusted change has an operation outside the schema')
    return {
      hash,
      actor,
      seq,
      startOp,
      maxOp: startOp + ops.length - 1,
      deps,
      ops: records.map(({ record }) => record),
    }
  })
