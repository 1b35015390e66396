/** What a relay counts, for its operator. No ids and no contents. */
export type RelayMetrics = {
  /** Items by kind and what became of them. */
  readonly item: (kind: 'envelope' | 'membership' | 'snapshot' | 'confirmation', outcome: string) => void
  /** A group was stored durably. */
  readonly group: (items: number, milliseconds: number) => void
  /** Frames of clients by kind. */
  readonly frame: (kind: string) => void
  /** A connection was closed by the relay. */
  readonly closed: (reason: string) => void
  /** A client had to wait for a limit. */
  readonly delayed: (limit: string) => void
  /** Frames that were left out for a reader that is behind. */
  readonly dropped: (kind: string) => void
}
