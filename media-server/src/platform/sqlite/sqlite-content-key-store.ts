import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { Kysely } from 'kysely'
import type { ContentKey, ContentKeyStore } from '../../ports/content-key-store.ts'
import type { Database } from './sqlite-schema.ts'

/** The initial value of RFC 3394, 2.2.3.1. */
const integrityValue = Buffer.alloc(8, 0xa6)

/** `instanceKey`: 32 bytes that wrap every content key (AES-KW). Without it the rows cannot be read. */
export const createSqliteContentKeyStore = (db: Kysely<Database>, instanceKey: Uint8Array): ContentKeyStore => {
  const wrap = (key: Uint8Array): Uint8Array => {
    const cipher = createCipheriv('id-aes256-wrap', instanceKey, integrityValue)
    return Buffer.concat([cipher.update(key), cipher.final()])
  }
  const unwrap = (wrapped: Uint8Array): Bytes => {
    const decipher = createDecipheriv('id-aes256-wrap', instanceKey, integrityValue)
    return new Uint8Array(Buffer.concat([decipher.update(wrapped), decipher.final()]))
  }
  const newest = (within: Kysely<Database>, id: string) =>
    within
      .selectFrom('content_keys')
      .select(['version', 'wrapped'])
      .where('recording_id', '=', id)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()
  const insert = async (within: Kysely<Database>, id: string, version: number): Promise<ContentKey> => {
    const key = new Uint8Array(randomBytes(16))
    await within
      .insertInto('content_keys')
      .values({ recording_id: id, version, wrapped: wrap(key) })
      .execute()
    return { version, key }
  }
  return {
    currentOrNew: (id) =>
      db.transaction().execute(async (transaction) => {
        const row = await newest(transaction, id)
        return row === undefined ? insert(transaction, id, 1) : { version: row.version, key: unwrap(row.wrapped) }
      }),
    get: async (id, version) => {
      const row = await db
        .selectFrom('content_keys')
        .select('wrapped')
        .where('recording_id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      return row === undefined ? undefined : { version, key: unwrap(row.wrapped) }
    },
    renew: (id) =>
      db
        .transaction()
        .execute(async (transaction) => insert(transaction, id, ((await newest(transaction, id))?.version ?? 0) + 1)),
  }
}
