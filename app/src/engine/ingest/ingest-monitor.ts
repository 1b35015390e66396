import type { IngestItem, IngestSummary } from '@tonestead/protocol/ingest'
import type { Readable } from '../readable.ts'

export type IngestView =
  | { readonly kind: 'hidden' } // not an administrator
  | { readonly kind: 'offline' }
  | { readonly kind: 'watching'; readonly summary: IngestSummary; readonly items: readonly IngestItem[] }

/** What the server is making of the files it was given, live while somebody subscribes. */
export type IngestMonitor = {
  readonly view: Readable<IngestView>
  /** Looks through the folder again; refused files get another try. */
  scanAgain(): Promise<'started' | 'not-permitted' | 'offline'>
}
