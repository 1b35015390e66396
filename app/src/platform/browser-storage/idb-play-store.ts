import * as z from 'zod/mini'
import { renditionNames } from '@tonestead/protocol/rendition'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { PlayRecord, PlayStore } from '../../ports/play-store.ts'
import { relaxed, type Database } from './open-database.ts'

const bytes = z.instanceof(Uint8Array) as unknown as z.ZodMiniType<Bytes>
const playRecordSchema = z.object({
  playId: z.string(),
  signedHead: bytes,
  serverKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  quality: z.enum(['auto', ...renditionNames]),
  pattern: z.optional(z.literal('cycle')),
  createdAtMs: z.number(),
})

/** Plays and pins in IndexedDB, shared by the page and the worker. */
export const createIdbPlayStore = (database: Database): PlayStore => ({
  put: async (record: PlayRecord) => {
    const transaction = database.transaction('plays', 'readwrite', relaxed)
    await Promise.all([transaction.store.put({ ...record }), transaction.done])
  },
  get: async (playId) => {
    const transaction = database.transaction(['plays', 'pins'])
    const [play, pins] = await Promise.all([
      transaction.objectStore('plays').get(playId),
      transaction.objectStore('pins').get(playId),
    ])
    const parsed = playRecordSchema.safeParse(play)
    return parsed.success ? { record: parsed.data, pins: pins?.pins } : undefined
  },
  pin: async (playId, pins) => {
    const transaction = database.transaction(['plays', 'pins'], 'readwrite', relaxed)
    const isKnown = (await transaction.objectStore('plays').getKey(playId)) !== undefined
    if (isKnown) await transaction.objectStore('pins').put({ playId, pins })
    await transaction.done
  },
  drop: async (playIds, beforeMs) => {
    const transaction = database.transaction(['plays', 'pins'], 'readwrite', relaxed)
    const plays = transaction.objectStore('plays')
    const old = await plays.index('byAge').getAllKeys(IDBKeyRange.upperBound(beforeMs, true))
    await Promise.all(
      [...playIds, ...old].flatMap((playId) => [plays.delete(playId), transaction.objectStore('pins').delete(playId)]),
    )
    await transaction.done
  },
})
