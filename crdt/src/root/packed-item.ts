import { createPackedText, isTextLike, keyIdPattern } from '../documents/packed-text.ts'

/**
 * What an item of the root is. A playlist is named by its collection and document (52 characters of base32 each, `protocol/`); the name of a folder is
 * beside this value, because it changes.
 */
export type RootItem =
  { readonly kind: 'playlist'; readonly collection: string; readonly document: string } | { readonly kind: 'folder' }

/** [DC4] Fields: `playlist`, collection id, document id; or `folder`. */
export const packedItem = createPackedText<RootItem>(
  (item) => (item.kind === 'folder' ? ['folder'] : ['playlist', item.collection, item.document]),
  ([kind, collection, document]) => {
    if (kind === 'folder') return { kind }
    if (kind !== 'playlist' || !isTextLike(collection, keyIdPattern)) return undefined
    return isTextLike(document, keyIdPattern) ? { kind, collection, document } : undefined
  },
)
