import { describe, expect, test } from 'vitest'
import type { CollectionStatus } from '../../replica/replica.ts'
import { syncStatusOf } from './sync-status.ts'

const collection: CollectionStatus = {
  ...{ kind: 'open', alarm: undefined, length: 4, pending: 0, waiting: 0, othersWaiting: 0, role: 'owner' },
  ...{ isKeyMissing: false, isBodyMissing: false, needsUpdate: false, isStale: false, faults: [] },
}
const facts = {
  collection,
  confirmedAtMs: 5,
  lastConfirmedAtMs: 5,
  isConnected: true,
  hasStorageFailed: false,
}
const offline = { ...facts, confirmedAtMs: undefined, isConnected: false }

describe('[DO9] the status of a collection', () => {
  test.each([
    [facts, { kind: 'synced', atMs: 5 }],
    [offline, { kind: 'offline', atMs: 5 }],
    // Connected, and the relay has confirmed nothing yet.
    [
      { ...offline, isConnected: true, lastConfirmedAtMs: undefined },
      { kind: 'offline', atMs: undefined },
    ],
    [
      { ...facts, collection: { ...collection, pending: 2, waiting: 1 } },
      { kind: 'waiting', changes: 3, isConnected: true },
    ],
    [
      { ...offline, collection: { ...collection, waiting: 1 } },
      { kind: 'waiting', changes: 1, isConnected: false },
    ],
    [
      { ...facts, collection: { ...collection, kind: 'frozen' as const, pending: 1 } },
      { kind: 'needs-you', reason: 'frozen' },
    ],
    [
      { ...facts, collection: { ...collection, needsUpdate: true } },
      { kind: 'needs-you', reason: 'update-needed' },
    ],
    [
      { ...facts, collection: { ...collection, isKeyMissing: true } },
      { kind: 'needs-you', reason: 'key-missing' },
    ],
    // The key may come with the rest of the log.
    [
      { ...offline, collection: { ...collection, isKeyMissing: true } },
      { kind: 'offline', atMs: 5 },
    ],
    [
      { ...facts, hasStorageFailed: true },
      { kind: 'needs-you', reason: 'storage-failed' },
    ],
  ] as const)('%#', (given, expected) => {
    expect(syncStatusOf(given)).toEqual(expected)
  })
})
