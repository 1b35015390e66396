import type { Audit } from './oracle.ts'
import type { Collection, SimulatedDevice } from '../world/model.ts'

/** A collection whose log keeps to the rules, and its honest members. */
export type Judged = {
  readonly collection: Collection
  readonly audit: Audit
  readonly members: readonly SimulatedDevice[]
}
