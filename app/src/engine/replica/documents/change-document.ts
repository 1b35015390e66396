import { change } from '@automerge/automerge/slim'
import type { Applied, DocumentRules } from './document-rules.ts'
import type { AnyDocument } from './document-state.ts'

/**
 * [RP28] Applies an operation to a document. One that this version cannot apply is refused: an intent in the journal may be of another version, and must not
 * stop the turns that come after it.
 */
export const changeDocument = (
  rules: DocumentRules,
  before: AnyDocument,
  operation: unknown,
): { readonly after: AnyDocument; readonly applied: Applied } => {
  let applied: Applied = { kind: 'unchanged' }
  try {
    const after = change(before, { time: 0 }, (draft) => {
      applied = rules.apply({ draft, before, operation })
    })
    return { after, applied }
  } catch {
    // Automerge has undone what the operation had changed.
    return { after: before, applied: { kind: 'refused', reason: 'not-understood' } }
  }
}
