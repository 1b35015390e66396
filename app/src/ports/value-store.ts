/** Small values by name: JSON and byte arrays. A value may be of another version of the app: the reader parses it. */
export type ValueStore = {
  get(name: string): Promise<unknown>
  put(name: string, value: unknown): Promise<void>
  /** Deletes the values that were written longest ago, until `limit` are left. */
  prune(limit: number): Promise<void>
}
