import type { RecordingId } from '@tonestead/crdt/ids'
import type { ContentKeyStore } from '../../ports/content-key-store.ts'
import type { Database } from './open-database.ts'

const latestIssueName = 'latestIssue'

/** Content keys in IndexedDB. The keys are non-extractable: only this origin can use them, and no script can read them. */
export const createIdbContentKeyStore = (database: Database): ContentKeyStore => ({
  get: async (recordingId, keyVersion) => {
    const transaction = database.transaction(['contentKeys', 'marks'])
    const [row, mark] = await Promise.all([
      transaction.objectStore('contentKeys').get([recordingId, keyVersion]),
      transaction.objectStore('marks').get(latestIssueName),
    ])
    const held =
      row === undefined || !Number.isFinite(row.expiresAt)
        ? undefined
        : { recordingId, keyVersion, key: row.key, expiresAt: row.expiresAt }
    return { held, latestIssue: mark?.value ?? 0 }
  },
  put: async (keys, issuedAt) => {
    const transaction = database.transaction(['contentKeys', 'marks'], 'readwrite')
    const marks = transaction.objectStore('marks')
    const before = await marks.get(latestIssueName)
    const writes = keys.map((held) => transaction.objectStore('contentKeys').put({ ...held }))
    await Promise.all([
      ...writes,
      marks.put({ name: latestIssueName, value: Math.max(issuedAt, before?.value ?? 0) }),
      transaction.done,
    ])
  },
  expiries: async (recordingIds) => {
    const transaction = database.transaction('contentKeys')
    // Rows are sorted by version, so the last row of a recording is the newest.
    const rows = await Promise.all(recordingIds.map((id) => transaction.store.getAll(versionsOf(id))))
    return new Map(
      rows.flatMap((versions, index): [RecordingId, number][] =>
        pairOf(recordingIds[index], versions.at(-1)?.expiresAt),
      ),
    )
  },
  delete: async (recordingIds) => {
    const transaction = database.transaction('contentKeys', 'readwrite')
    await Promise.all([...recordingIds.map((id) => transaction.store.delete(versionsOf(id))), transaction.done])
  },
})

const versionsOf = (id: RecordingId): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Infinity])

const pairOf = (id: RecordingId | undefined, expiresAt: number | undefined): [RecordingId, number][] =>
  id === undefined || expiresAt === undefined ? [] : [[id, expiresAt]]
