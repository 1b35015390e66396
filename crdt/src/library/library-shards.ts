import type { DocumentAddress } from '../documents/document-kind.ts'

// A library is one document until it has 20,000 entries. Then new entries go to 16 further documents, later to 256; nothing is moved, all are read.

/** How many shards there can be. */
export const shardCounts = [1, 16, 256] as const
/** One of `shardCounts`. */
export type ShardCount = (typeof shardCounts)[number]

/** [LB2] A shard with this many entries is full: further ones begin. */
export const fullShardEntries = 20_000

type LibraryAddress = Extract<DocumentAddress, { kind: 'library' }>

/** [LB2] The shards that a library should have, when the fullest of those that are saved to has this many entries. */
export const wantedShards = (shards: ShardCount, entries: number): ShardCount =>
  entries < fullShardEntries ? shards : (shardCounts.find((count) => count > shards) ?? shards)

/** [LB1] The document to which a key is saved. */
export const shardOf = (key: string, shards: ShardCount): LibraryAddress => ({
  kind: 'library',
  shards,
  shard: hashOf(key) % shards,
})

/** [LB1] The documents that may hold a key: whoever removes it removes it from each. */
export const shardsOf = (key: string, shards: ShardCount): LibraryAddress[] =>
  shardCounts.filter((count) => count <= shards).map((count) => shardOf(key, count))

/** [LB1] All documents of a library. */
export const allShards = (shards: ShardCount): LibraryAddress[] =>
  shardCounts
    .filter((count) => count <= shards)
    .flatMap((count) =>
      Array.from({ length: count }, (_, shard): LibraryAddress => ({ kind: 'library', shards: count, shard })),
    )

/** FNV-1a with 32 bits over ASCII. */
const hashOf = (key: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
