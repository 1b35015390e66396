/** Keeps the position and the findings of the check of all objects, as JSON. It may be deleted at any time: the check then begins again. */
export type ScrubStateStore = {
  /** Undefined when there is none, or it is not JSON. */
  read(): Promise<unknown>
  /** Replaces it. Durable when it resolves. */
  write(state: unknown): Promise<void>
}
