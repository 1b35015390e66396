/** Limits of one envelope's changes. They belong to the version of the format: a body beyond them is void for every reader, so never lower them within a version. */
export type ChangeLimits = {
  /** Bytes of all changes together. */
  readonly maxBytes: number
  readonly maxChanges: number
  /** Operations of all changes together. */
  readonly maxOps: number
  /** Predecessors of all operations together. */
  readonly maxPreds: number
  /** Bytes of all map keys together, each counted as often as a run length repeats it. */
  readonly maxKeyBytes: number
  readonly maxMessageBytes: number
  /** Objects inside one another; the root is not counted. */
  readonly maxDepth: number
  /** Highest counter of an operation. From 2^31 on Automerge 3.5 writes files that it cannot read. */
  readonly maxOpCounter: number
}

/** Limits of version 1. */
export const changeLimits: ChangeLimits = {
  maxBytes: 256 * 1024,
  maxChanges: 1_024,
  maxOps: 8_192,
  maxPreds: 16_384,
  maxKeyBytes: 1024 * 1024,
  maxMessageBytes: 256,
  maxDepth: 8,
  maxOpCounter: 2 ** 30,
}
