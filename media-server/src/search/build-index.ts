import type { Bytes } from '@tonestead/protocol/bytes'
import { createIndexBuilder } from '@tonestead/search-index/search-index'
import type { Audience } from '@tonestead/protocol/audience'
import type { Clock } from '../ports/clock.ts'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import type { SearchSource } from '../ports/search-source.ts'
import { encodeKeptIndex, keptName, tagOf, type AboutIndex } from './kept-index.ts'
import { dayOf } from './popularity.ts'
import { readCatalog } from './read-catalog.ts'

export type BuildDeps = { readonly source: SearchSource; readonly snapshots: IndexSnapshots; readonly clock: Clock }

/** `unkept`: why it could not be written to disk. */
export type BuiltIndex = {
  readonly about: AboutIndex
  readonly snapshot: Bytes | undefined
  readonly unkept: string | undefined
}

/** A new index of what an audience may see, from the catalog as it is, kept on disk. Takes as long as it takes: for a thread of its own. */
export const buildIndex = async (
  deps: BuildDeps,
  audience: Audience,
): Promise<BuiltIndex & { readonly snapshot: Bytes }> => {
  const builtAt = deps.clock.now()
  // Before the first page: what comes in between is read again with the changes since.
  const { sequence, mark } = await deps.source.newest()
  const builder = createIndexBuilder()
  for await (const page of readCatalog(deps.source, audience, dayOf(builtAt)))
    for (const document of page) builder.add(document)
  const snapshot = builder.snapshot(sequence)
  const about = { v: 1 as const, sequence, mark, audience, tag: tagOf(snapshot), builtAt }
  try {
    await deps.snapshots.write(keptName(audience), encodeKeptIndex({ about, snapshot }))
    return { about, snapshot, unkept: undefined }
  } catch (error) {
    return { about, snapshot, unkept: String(error) }
  }
}
