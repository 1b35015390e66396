import { describe, expect, test } from 'vitest'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import type { LogEntry } from '../../ports/log.ts'
import { createDiagnostics } from './create-diagnostics.ts'
import { createLog } from './create-log.ts'
import { createLogBuffer } from './log-buffer.ts'

const startMs = Date.UTC(2026, 10, 26, 12)

const createWorld = (capacity?: number) => {
  const clock = createManualClock(startMs)
  const buffer = createLogBuffer(capacity)
  const log = createLog({ clock, threshold: 'info', write: buffer.add }, 'app')
  return { clock, buffer, log }
}

describe('a log', () => {
  test('writes time, level, namespace, message and fields', async () => {
    const { clock, buffer, log } = createWorld()
    await clock.advance(5)
    log.child('playback').info('a track was skipped', { attempt: 2, problem: 'offline', missing: undefined })
    expect(buffer.entries()).toEqual<LogEntry[]>([
      {
        atMs: startMs + 5,
        level: 'info',
        namespace: 'playback',
        message: 'a track was skipped',
        fields: { attempt: 2, problem: 'offline' },
        error: undefined,
      },
    ])
  })
  test('drops what is below its threshold', () => {
    const { buffer, log } = createWorld()
    log.debug('a detail')
    log.error('a fault')
    expect(buffer.entries().map(({ level }) => level)).toEqual(['error'])
  })
  test('logs a failure with its error, and resolves to undefined', async () => {
    const { buffer, log } = createWorld()
    const failed = log.failed('the queue was not saved', { attempt: 1 })
    expect(await Promise.reject(new TypeError('closed')).catch(failed)).toBeUndefined()
    expect(buffer.entries()).toMatchObject([
      { level: 'warn', message: 'the queue was not saved', fields: { attempt: 1 }, error: 'TypeError: closed' },
    ])
  })
  test('does not log an abort, but logs a timeout', async () => {
    const { buffer, log } = createWorld()
    const stop = new AbortController()
    stop.abort()
    await Promise.reject(stop.signal.reason as Error).catch(log.failed('stopped'))
    expect(buffer.entries()).toEqual([])
    await Promise.reject(new DOMException('too late', 'TimeoutError')).catch(log.failed('too late'))
    expect(buffer.entries()).toHaveLength(1)
  })
  test('bounds the size of an entry', () => {
    const { buffer, log } = createWorld()
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 'x'.repeat(5_000)]))
    const long = 'word '.repeat(5_000)
    log.failed(long, fields)(new Error(long, { cause: new Error(long, { cause: new Error(long, { cause: 1 }) }) }))
    expect(JSON.stringify(buffer.entries()[0]).length).toBeLessThan(1_500)
  })
})

describe('the buffer', () => {
  test('keeps the newest entries and counts the dropped ones', () => {
    const { buffer, log } = createWorld(3)
    for (let each = 0; each < 5; each += 1) log.info(`entry ${each}`)
    expect(buffer.entries().map(({ message }) => message)).toEqual(['entry 2', 'entry 3', 'entry 4'])
    expect(buffer.dropped()).toBe(2)
  })
})

describe('the diagnostics', () => {
  const environment = {
    userAgent: 'Mozilla/5.0 Test',
    isOnline: () => true,
    storage: () => Promise.resolve({ usageBytes: 3e6, quotaBytes: 1e9, isPersisted: false }),
  }
  test('hold the version, the browser, the states and the log', async () => {
    const { clock, buffer, log } = createWorld()
    log.warn('the server did not answer', { status: 502 })
    const states = () => ({ 'Service worker': 'ready', 'Index on this device': 'absent' })
    const text = await createDiagnostics({ version: '1.2.3', environment, buffer, clock, states }).text()
    expect(text.split('\n')).toEqual([
      'Version: 1.2.3',
      'Browser: Mozilla/5.0 Test',
      'Time: 2026-11-26T12:00:00.000Z',
      'Browser online: true',
      'Storage: 3 MB of 1000 MB used, may be evicted',
      'Service worker: ready',
      'Index on this device: absent',
      '',
      'Log: 1 entries, 0 older ones dropped',
      '2026-11-26T12:00:00.000Z warn app: the server did not answer status=502',
      '',
    ])
  })
  test('come also where the browser refuses to say how much it stores', async () => {
    const { clock, buffer } = createWorld()
    const refusing = { ...environment, storage: () => Promise.reject(new TypeError('no')) }
    const text = await createDiagnostics({
      version: '1',
      environment: refusing,
      buffer,
      clock,
      states: () => ({}),
    }).text()
    expect(text).toContain('Storage: TypeError: no')
  })
})
