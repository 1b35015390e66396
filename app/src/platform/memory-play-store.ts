import type { PlayRecord, PlayStore } from '../ports/play-store.ts'

/** Plays for tests. */
export const createMemoryPlayStore = (): PlayStore => {
  const records = new Map<string, PlayRecord>()
  const pinned = new Map<string, Uint8Array>()
  const forget = (playId: string): void => {
    records.delete(playId)
    pinned.delete(playId)
  }
  return {
    put: async (record) => void records.set(record.playId, record),
    get: async (playId) => {
      const record = records.get(playId)
      return record === undefined ? undefined : { record, pins: pinned.get(playId)?.slice() }
    },
    pin: async (playId, pins) => void (records.has(playId) && pinned.set(playId, pins.slice())),
    drop: async (playIds, beforeMs) => {
      playIds.forEach(forget)
      for (const record of records.values()) if (record.createdAtMs < beforeMs) forget(record.playId)
    },
  }
}
