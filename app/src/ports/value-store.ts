/** Small values by name, as JSON and byte arrays go. What comes out was written by another version, perhaps: the reader parses it. */
export type ValueStore = {
  get(name: string): Promise<unknown>
  put(name: string, value: unknown): Promise<void>
  /** Forgets those written longest ago, until `limit` are left. */
  prune(limit: number): Promise<void>
}
