/** A named channel between the tabs and workers of this origin. What is sent reaches all others that have opened it at that time, in order. */
export type TabChannel = {
  /** The message is cloned. */
  post(message: unknown): void
  /** Calls the listener with every message of others; gives the function that ends it. */
  onMessage(listener: (data: unknown) => void): () => void
  close(): void
}

/** Opens a channel. Every opened one is a place of its own: what one of a name sends, the others of that name get, also in the same tab. */
export type OpenTabChannel = (name: string) => TabChannel
