import { describe, expect, test } from 'vitest'
import type { SyncStatus } from '../../engine/documents/documents.ts'
import { syncText } from './sync-text.ts'

const at = new Date(2026, 10, 27, 14, 2).getTime()
const later = { nowMs: at + 60_000, isKnown: true }
const visitor = { ...later, isKnown: false }

describe('the sync status in words', () => {
  test('says when everything was synced, and the day when it was another one', () => {
    expect(syncText({ kind: 'synced', atMs: at }, later).short).toBe('Synced · 14:02')
    expect(syncText({ kind: 'synced', atMs: at }, { ...later, nowMs: at + 86_400_000 }).short).toBe(
      'Synced · 27 Nov, 14:02',
    )
  })

  test('counts what waits', () => {
    expect(syncText({ kind: 'waiting', changes: 1, isConnected: false }, later)).toMatchObject({
      short: '1 change waiting',
      tone: 'quiet',
    })
    expect(syncText({ kind: 'waiting', changes: 3, isConnected: true }, later).short).toBe('3 changes waiting')
  })

  test('does not promise a visitor that something will be sent', () => {
    for (const status of [
      { kind: 'offline', atMs: undefined },
      { kind: 'waiting', changes: 2, isConnected: false },
    ] as const)
      expect(syncText(status, visitor).short).toBe('On this device')
  })

  test('says in every state what it means or what to do', () => {
    const states: readonly SyncStatus[] = [
      { kind: 'starting' },
      { kind: 'offline', atMs: undefined },
      { kind: 'offline', atMs: at },
      ...(['frozen', 'update-needed', 'key-missing', 'storage-failed'] as const).map(
        (reason) => ({ kind: 'needs-you', reason }) as const,
      ),
      ...(['not-supported', 'storage-failed', 'not-begun'] as const).map(
        (reason) => ({ kind: 'unavailable', reason }) as const,
      ),
    ]
    const texts = states.map((status) => syncText(status, later))
    expect(texts.every(({ short, long }) => short.length > 0 && short.length < 30 && long.endsWith('.'))).toBe(true)
    expect(new Set(texts.map(({ long }) => long)).size).toBe(states.length)
  })
})
