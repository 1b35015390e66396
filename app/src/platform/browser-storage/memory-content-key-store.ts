import type { ContentKeyStore, HeldKey } from '../../ports/content-key-store.ts'

/** Content keys until the tab closes: for tests. */
export const createMemoryContentKeyStore = (): ContentKeyStore => {
  let keys: readonly HeldKey[] = []
  let latestIssue = 0
  const isSame = (a: HeldKey, b: HeldKey): boolean => a.recordingId === b.recordingId && a.keyVersion === b.keyVersion
  return {
    get: (recordingId, keyVersion) =>
      Promise.resolve({
        held: keys.find((held) => held.recordingId === recordingId && held.keyVersion === keyVersion),
        latestIssue,
      }),
    put: (added, issuedAt) => {
      keys = [...keys.filter((held) => !added.some((other) => isSame(held, other))), ...added]
      latestIssue = Math.max(latestIssue, issuedAt)
      return Promise.resolve()
    },
    expiries: (ids) => {
      const wanted = keys
        .filter((held) => ids.includes(held.recordingId))
        .toSorted((a, b) => a.keyVersion - b.keyVersion)
      return Promise.resolve(new Map(wanted.map((held) => [held.recordingId, held.expiresAt])))
    },
    delete: (ids) => {
      keys = keys.filter((held) => !ids.includes(held.recordingId))
      return Promise.resolve()
    },
  }
}
