import { describe, expect, it } from 'vitest'
import { deviceStateText } from './device-state-text.ts'

const report = { positionMs: 0, durationMs: 1, volume: 1, isMuted: false, queueMark: '', title: 'Evening' } as const
const device = { id: 'd', name: 'Phone', isSelf: false, isHolder: true, reach: 'reached' } as const

describe('the state of a device in words', () => {
  it('[DV1] says what the one that plays plays', () => {
    expect(deviceStateText({ ...device, report: { ...report, state: 'playing' } })).toBe('Plays “Evening”')
    expect(deviceStateText({ ...device, report: { ...report, state: 'paused' } })).toBe('Paused: “Evening”')
    expect(deviceStateText({ ...device, isHolder: false, report: { ...report, state: 'paused' } })).toBe('Ready')
    expect(deviceStateText(device)).toBe('Ready')
  })

  it('[DV2] says that one is away, and what it did last', () => {
    expect(deviceStateText({ ...device, reach: 'away' })).toBe('Asleep or cut off')
    const last = { ...device, reach: 'away', report: { ...report, state: 'playing' } } as const
    expect(deviceStateText(last)).toBe('Asleep or cut off. Last: “Evening”')
  })
})
