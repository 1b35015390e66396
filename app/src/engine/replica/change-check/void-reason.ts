/** What the scan before decoding refuses. */
export type ScanFailure =
  /** Not a change of Automerge's format. */
  | 'malformed'
  /** A compressed chunk, a document, a bundle, or bytes after the change. */
  | 'wrong-chunk'
  /** A column or a type of value that no schema of ours uses: marks, counters, bytes, unknown or compressed ones. */
  | 'wrong-column'
  /** Beyond `ChangeLimits`. */
  | 'limit'

/** Why the body of an envelope is void. */
export type VoidReason =
  | ScanFailure
  /** No change at all. */
  | 'empty'
  /** Automerge cannot decode it. */
  | 'undecodable'
  /** Encoding it again gives other bytes. */
  | 'not-canonical'
  | 'wrong-actor'
  | 'wrong-seq'
  /** A dependency that is unknown, not in the past of the envelope, or named twice; or none at all. */
  | 'wrong-deps'
  | 'wrong-start'
  /** Names an operation that is not in the causal past of the change. */
  | 'unknown-reference'
  /** A key in a list, an element in a map, an object that is none, an element of another object. */
  | 'wrong-target'
  | 'wrong-pred'
  /** Not an operation of the schema. */
  | 'not-permitted'
