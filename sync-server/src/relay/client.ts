import type { Author } from '@tonestead/protocol/sync/log/rights'
import type { Link } from '../ports/link.ts'

/** A known device on one connection. */
export type Client = {
  readonly author: Author
  readonly isAdmitted: boolean
  readonly link: Link
  /** Aborts when the connection is closed. */
  readonly signal: AbortSignal
}
