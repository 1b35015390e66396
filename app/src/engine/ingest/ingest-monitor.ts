import type { IngestItem, IngestSummary } from '@tonestead/protocol/ingest'
import type { Readable } from '../readable.ts'

/** What the import page shows. */
export type IngestView =
  | { readonly kind: 'hidden' } // not an administrator
  | { readonly kind: 'offline' }
  | { readonly kind: 'watching'; readonly summary: IngestSummary; readonly items: readonly IngestItem[] }

/** The progress of the import, live while somebody subscribes. */
export type IngestMonitor = {
  readonly view: Readable<IngestView>
  /** Scans the folder again; refused files are retried. */
  scanAgain(): Promise<'started' | 'not-permitted' | 'offline'>
  /** Confirms that the files that are held were deleted: their tracks are withdrawn. */
  withdrawHeld(): Promise<
    { readonly kind: 'withdrawn'; readonly files: number } | { readonly kind: 'not-permitted' | 'offline' }
  >
}
