import type { CollectionStatus, ReplicaDevice } from '../replica.ts'
import type { CollectionState } from './collection-state.ts'

/** What a person needs to know about a collection. */
export const statusOf = (state: CollectionState, device: ReplicaDevice): CollectionStatus => {
  const now = state.log.now()
  const ownWaiting = [...state.waiting.values(), ...state.aside.values()].filter(({ origin }) => origin === 'own')
  const ownPending = [...state.pending.values()].filter(({ origin }) => origin === 'own')
  return {
    kind: state.alarm === undefined ? 'open' : 'frozen',
    alarm: state.alarm,
    length: state.log.length(),
    pending: ownPending.length + ownWaiting.length,
    waiting: state.todo.length,
    othersWaiting: state.waiting.size + state.aside.size - ownWaiting.length,
    role: now?.members.get(device.account)?.role,
    isKeyMissing: state.isKeyMissing,
    isBodyMissing: state.isBodyMissing,
    needsUpdate: state.unreadDocuments.size > 0,
    isStale: now?.isStale ?? false,
    faults: [...state.faults].map(([id, author]) => ({ id, ...author })),
  }
}
