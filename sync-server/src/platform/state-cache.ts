import type { MembershipState } from '@tonestead/protocol/sync/log-state'
import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { LogRules } from '../ports/log-rules.ts'

/** Most memberships that stay parsed. One of 500 members takes about a megabyte. */
const mostStates = 500

/** Parses stored memberships, each once while it is among those used last. The key is the id of the membership item: what it stands for never changes. */
export type StateCache = {
  has(key: ItemId): boolean
  get(key: ItemId, text: () => string): MembershipState
}

export const createStateCache = (rules: Pick<LogRules, 'readState'>): StateCache => {
  const states = new Map<ItemId, MembershipState>()
  return {
    has: (key) => states.has(key),
    get: (key, text) => {
      const state = states.get(key) ?? rules.readState(text())
      states.delete(key)
      states.set(key, state)
      const oldest = states.keys().next()
      if (states.size > mostStates && oldest.done === false) states.delete(oldest.value)
      return state
    },
  }
}
