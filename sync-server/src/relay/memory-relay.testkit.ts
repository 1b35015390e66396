import { randomBytes } from 'node:crypto'
import type { Bytes } from '@tonestead/protocol/bytes'
import { seedOf } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { signingPairOf } from '../../../protocol/src/vectors.testkit.ts'
import { relayRules } from '../log/relay-rules.ts'
import { createMemoryLogDisk, type MemoryLogDisk } from '../platform/memory/memory-log-store.ts'
import { systemClock } from '../platform/system-clock.ts'
import { closeCodes, type Link } from '../ports/link.ts'
import type { OpenTransport } from '../test-client.testkit.ts'
import { createRelay, type Relay } from './create-relay.ts'
import type { RelayDeps } from './relay-deps.ts'
import { defaultRelayLimits } from './relay-limits.ts'

const noMetrics: RelayDeps['metrics'] = {
  item: () => undefined,
  group: () => undefined,
  frame: () => undefined,
  closed: () => undefined,
  delayed: () => undefined,
  dropped: () => undefined,
}

/** The key that the accounts of the testkit name as their home. */
export const testRelayKey = () => signingPairOf(seedOf('relay'))

/** A relay in memory. */
export const createMemoryRelay = async (
  options: Partial<RelayDeps> & { readonly disk?: MemoryLogDisk } = {},
): Promise<{ readonly relay: Relay; readonly disk: MemoryLogDisk; readonly faults: unknown[] }> => {
  const disk = options.disk ?? createMemoryLogDisk({ rules: relayRules, syncs: 'at-once' })
  const faults: unknown[] = []
  const relay = await createRelay({
    store: disk.open(),
    clock: systemClock,
    subtle: globalThis.crypto.subtle,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    key: await testRelayKey(),
    limits: defaultRelayLimits,
    metrics: noMetrics,
    isOpen: true,
    checkPass: () => Promise.resolve(false),
    onFault: (fault) => void faults.push(fault),
    ...options,
  })
  return { relay, disk, faults }
}

/** A connection to a relay in the same process. `isStuck`: the client takes no bytes. */
export const openMemoryLink =
  (relay: Relay, options: { readonly peer?: string; readonly isStuck?: () => boolean } = {}): OpenTransport =>
  ({ onFrame }) => {
    const { promise: closed, resolve } = Promise.withResolvers<number>()
    let isOpen = true
    let queued = 0
    const waiting = new Set<() => void>()
    const end = (code: number): void => {
      if (!isOpen) return
      isOpen = false
      connection.closed()
      for (const check of waiting) check()
      resolve(code)
    }
    const link: Link = {
      peer: options.peer ?? '192.0.2.1',
      send: (frame: Bytes) => {
        if (!isOpen) return
        if (options.isStuck?.() === true) queued += frame.length
        else queueMicrotask(() => onFrame(frame))
      },
      queuedBytes: () => queued,
      drainedTo: (bytes) =>
        new Promise((done) => {
          const check = (): void => {
            if (queued <= bytes || !isOpen) done()
          }
          waiting.add(check)
          check()
        }),
      pause: () => undefined,
      resume: () => undefined,
      // After the frames that were sent before.
      close: (reason) => queueMicrotask(() => end(closeCodes[reason])),
    }
    const connection = relay.connect(link)
    return Promise.resolve({
      send: (frame) => queueMicrotask(() => connection.receive(frame)),
      close: () => end(1000),
      closed,
    })
  }
