import type { Bytes } from '@tonestead/protocol/bytes'
import { createIndexBuilder } from '@tonestead/search-index/search-index'
import type { Audience } from '@tonestead/protocol/audience'
import type { Clock } from '../ports/clock.ts'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import type { SearchSource } from '../ports/search-source.ts'
import { encodeIndexFile, indexFileName, indexTag, type IndexHeader } from './index-file.ts'
import { dayOf } from './popularity.ts'
import { readCatalog } from './read-catalog.ts'

export type BuildDeps = { readonly source: SearchSource; readonly snapshots: IndexSnapshots; readonly clock: Clock }

/** `writeError`: why the index could not be written to disk; undefined when it was written. */
export type BuiltIndex = {
  readonly header: IndexHeader
  readonly snapshot: Bytes | undefined
  readonly writeError: string | undefined
}

/** Builds an index of everything that an audience may see, and writes it to disk. Blocks its thread for a long time, so it needs a thread of its own. */
export const buildIndex = async (
  deps: BuildDeps,
  audience: Audience,
): Promise<BuiltIndex & { readonly snapshot: Bytes }> => {
  const builtAt = deps.clock.now()
  // Read before the first page: changes made during the build are read again, with the changes after this point.
  const { sequence, mark } = await deps.source.newest()
  const builder = createIndexBuilder()
  for await (const page of readCatalog(deps.source, audience, dayOf(builtAt)))
    for (const document of page) builder.add(document)
  const snapshot = builder.snapshot(sequence)
  const header = { v: 1 as const, sequence, mark, audience, tag: indexTag(snapshot), builtAt }
  try {
    await deps.snapshots.write(indexFileName(audience), encodeIndexFile({ header, snapshot }))
    return { header, snapshot, writeError: undefined }
  } catch (error) {
    return { header, snapshot, writeError: String(error) }
  }
}
