import type { PlayRecord, PlayStore } from '../../ports/play-store.ts'

/** Plays for tests. */
export const createMemoryPlayStore = (): PlayStore => {
  const records = new Map<string, PlayRecord>()
  const pinned = new Map<string, Uint8Array>()
  const forget = (playId: string): void => {
    records.delete(playId)
    pinned.delete(playId)
  }
  return {
    put: (record) => {
      records.set(record.playId, record)
      return Promise.resolve()
    },
    get: (playId) => {
      const record = records.get(playId)
      return Promise.resolve(record === undefined ? undefined : { record, pins: pinned.get(playId)?.slice() })
    },
    pin: (playId, pins) => {
      if (records.has(playId)) pinned.set(playId, pins.slice())
      return Promise.resolve()
    },
    drop: (playIds, beforeMs) => {
      playIds.forEach(forget)
      for (const record of records.values()) if (record.createdAtMs < beforeMs) forget(record.playId)
      return Promise.resolve()
    },
  }
}
