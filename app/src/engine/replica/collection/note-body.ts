import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { CollectionState } from './collection-state.ts'

/** An envelope of the log was read: its body waits to be judged, or is not here. */
export const noteBody = ({ freshBodies, snapshots }: CollectionState, { id, body }: Envelope): void => {
  if (body === undefined) snapshots.bodiless.add(id)
  else freshBodies.set(id, body)
}
