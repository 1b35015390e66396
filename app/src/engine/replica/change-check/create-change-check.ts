import { checkHeader } from './check-header.ts'
import { checkOperations } from './check-operations.ts'
import type { ChangeCheck, ChangeCheckRequest, ChangeVerdict } from './change-check.ts'
import type { ChangeLimits } from './change-limits.ts'
import { decodeScanned } from './decode-change.ts'
import { createEnvelopeDraft, type EnvelopeDraft } from './envelope-draft.ts'
import type { SchemaOperation } from './schema-operation.ts'
import { scanChange } from './scan-change.ts'
import type { VoidReason } from './void-reason.ts'

export type ChangeCheckDependencies = {
  /** The schema of the document: pure, and the same on every device. */
  readonly permits: (operation: SchemaOperation) => boolean
  readonly limits: ChangeLimits
}

/**
 * Bounds, from the limits of version 1 (`npm run campaign -- hostile-changes` measures them): a body that the scan refuses takes less than 25 ms; one that must
 * be decoded, and may be wrong in its last operation only, as long as `maxOps` right ones: 60 to 240 ms of CPU time on a busy machine, a large part of it in Automerge,
 * and up to 30 MiB. Each change of the document that is concurrent with the body adds 3 µs. The caller runs it in a worker that can be ended.
 */
export const createChangeCheck = (dependencies: ChangeCheckDependencies): ChangeCheck => ({
  check: (request) => {
    // All are scanned before the first is decoded: the limits are on the whole body.
    const refused = scanAll(request.changes, dependencies.limits)
    if (refused !== undefined) return refused
    const draft = createEnvelopeDraft(request)
    for (const [change, bytes] of request.changes.entries()) {
      const reason = checkChange({ ...dependencies, draft, request }, bytes)
      if (reason !== undefined) return { kind: 'void', reason, change }
    }
    return { kind: 'ok', changes: draft.changes() }
  },
})

const scanAll = (changes: readonly Uint8Array[], limits: ChangeLimits): ChangeVerdict | undefined => {
  if (changes.length === 0) return { kind: 'void', reason: 'empty', change: 0 }
  if (changes.length > limits.maxChanges) return { kind: 'void', reason: 'limit', change: limits.maxChanges }
  const total = { bytes: 0, ops: 0, preds: 0, keyBytes: 0 }
  for (const [change, bytes] of changes.entries()) {
    total.bytes += bytes.length
    if (total.bytes > limits.maxBytes) return { kind: 'void', reason: 'limit', change }
    const sizes = scanChange(bytes, limits)
    if (typeof sizes === 'string') return { kind: 'void', reason: sizes, change }
    total.ops += sizes.ops
    total.preds += sizes.preds
    total.keyBytes += sizes.keyBytes
    if (total.ops > limits.maxOps || total.preds > limits.maxPreds || total.keyBytes > limits.maxKeyBytes)
      return { kind: 'void', reason: 'limit', change }
  }
  return undefined
}

type ChangeContext = ChangeCheckDependencies & {
  readonly draft: EnvelopeDraft
  readonly request: ChangeCheckRequest
}

const checkChange = (context: ChangeContext, bytes: Uint8Array): VoidReason | undefined => {
  const decoded = decodeScanned(bytes)
  if (typeof decoded === 'string') return decoded
  const reason = checkHeader(context, decoded.change) ?? checkOperations(context, decoded)
  if (reason === undefined) context.draft.addChange(decoded.change)
  return reason
}
