import type { ConfirmationHeader } from '../confirmation.ts'
import type { LogFacts, Verdict } from '../log-state.ts'
import { findRemovedAuthor, type RelayKnowledge } from './relay-knowledge.ts'
import { holdsRole } from './rights.ts'
import { never, ok, wait } from './verdict.ts'

/**
 * [LS3] May the confirmation be appended? Pure. The caller has verified the signature, and has asked `facts.isLogged` for the confirmation's own id. Whether
 * what it names is a snapshot that it can confirm is looked at by whoever counts confirmations (log/confirmed-snapshots.ts).
 */
export const checkConfirmation = (facts: LogFacts, header: ConfirmationHeader, knowledge?: RelayKnowledge): Verdict => {
  if (header.collection !== facts.collection) return never('wrong-collection')
  if (!holdsRole(facts.now, header, 'editor')) return never('no-right')
  if (!facts.isLogged(header.snapshot)) return wait('dep-missing')
  return findRemovedAuthor(knowledge, header) ?? ok
}
