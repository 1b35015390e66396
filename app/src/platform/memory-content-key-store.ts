import type { ContentKeyStore, HeldKey } from '../ports/content-key-store.ts'

/** Content keys until the tab closes: for tests. */
export const createMemoryContentKeyStore = (): ContentKeyStore => {
  let keys: readonly HeldKey[] = []
  let latestIssue = 0
  const isSame = (a: HeldKey, b: HeldKey): boolean => a.recordingId === b.recordingId && a.keyVersion === b.keyVersion
  return {
    get: async (recordingId, keyVersion) => ({ held: keys.find((held) => held.recordingId === recordingId && held.keyVersion === keyVersion), latestIssue }),
    put: async (added, issuedAt) => {
      keys = [...keys.filter((held) => !added.some((other) => isSame(held, other))), ...added]
      latestIssue = Math.max(latestIssue, issuedAt)
    },
    expiries: async (ids) => new Map(keys.filter((held) => ids.includes(held.recordingId)).toSorted((a, b) => a.keyVersion - b.keyVersion).map((held) => [held.recordingId, held.expiresAt])),
    delete: async (ids) => void (keys = keys.filter((held) => !ids.includes(held.recordingId))),
  }
}
