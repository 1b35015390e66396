import type { MembershipState } from '@tonestead/protocol/sync/log-state'
import type { LogRules } from '../ports/log-rules.ts'

/** Most memberships that stay parsed. One of 500 members takes about a megabyte. */
const mostStates = 500

/** Parses stored memberships, each once while it is among those used last. The key is the id of the membership item: what it stands for never changes. */
export const createStateCache = (rules: Pick<LogRules, 'readState'>) => {
  const states = new Map<string, MembershipState>()
  return (key: string, text: () => string): MembershipState => {
    const state = states.get(key) ?? rules.readState(text())
    states.delete(key)
    states.set(key, state)
    const oldest = states.keys().next()
    if (states.size > mostStates && oldest.done === false) states.delete(oldest.value)
    return state
  }
}

export type StateCache = ReturnType<typeof createStateCache>
