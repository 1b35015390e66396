import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toBase64Url, uint, utf8, type Bytes } from '../bytes.ts'
import { counting } from '../vectors.testkit.ts'
import type { ClientMessage, RelayMessage } from './frame-messages.ts'
import {
  clientFrameCodes,
  readClientFrame,
  readRelayFrame,
  relayFrameCodes,
  writeClientFrame,
  writeRelayFrame,
} from './frame.ts'
import { maxBodyBytes, maxEphemeralBytes, maxFrameBytes, maxItemsPerFrame } from './sync-limits.ts'
import { hostileBytes } from './hostile-bytes.testkit.ts'
import * as fixed from './sync-fixtures.testkit.ts'

const { collection, device, account, chain } = fixed
const plainReceipt = { collection, generation: 0, seq: 5, chain, signature: counting(64) }
const receipt = { ...plainReceipt, nonce: toBase64Url(counting(16)) }
const hash = 'ab'.repeat(32)
const one = [counting(20)]

const relayFrames: readonly [RelayMessage, readonly Bytes[]][] = [
  [
    {
      kind: 'challenge',
      version: 1,
      relayKey: fixed.relayKey,
      nonce: toBase64Url(counting(32)),
      at: 1_700_000_000_000,
    },
    [],
  ],
  [{ kind: 'welcome', connection: 'c-17' }, []],
  [{ kind: 'items', collection, from: 4, receipt: plainReceipt }, [counting(300), counting(5)]],
  [{ kind: 'items', collection, from: 4 }, []],
  [{ kind: 'receipt', receipt: plainReceipt }, []],
  [{ kind: 'pending', collection }, one],
  [{ kind: 'appended', request: 7, collection, seq: 5 }, []],
  [{ kind: 'refused', request: 7, id: fixed.itemIds[0]!, reason: 'base-moved', isFinal: true }, []],
  [{ kind: 'refused', request: 8, reason: 'rate-limited', isFinal: false, retryAfterMs: 200 }, []],
  [{ kind: 'head', receipt }, []],
  [{ kind: 'ephemeral', collection, from: device }, one],
  [{ kind: 'part', hash }, one],
  [{ kind: 'part', hash }, []],
  [{ kind: 'draining', reconnectAfterMs: 1000 }, []],
  [{ kind: 'problem', code: 'malformed', detail: 'This frame is not known here.' }, []],
  [{ kind: 'pong' }, []],
  [{ kind: 'part-stored', request: 3, hash }, []],
]
const clientFrames: readonly [ClientMessage, readonly Bytes[]][] = [
  [{ kind: 'authenticate', account, device, signature: counting(64) }, []],
  [{ kind: 'authenticate', account, device, signature: counting(64), deviceLog: ['a.b.c'], pass: 'token' }, []],
  [{ kind: 'subscribe', collection, after: 0 }, []],
  [
    {
      kind: 'subscribe',
      collection,
      after: 0,
      invitation: { invitation: 'a'.repeat(52), proof: toBase64Url(counting(64)) },
    },
    [],
  ],
  [{ kind: 'unsubscribe', collection }, []],
  [{ kind: 'append', request: 1 }, one],
  [{ kind: 'read', collection, after: 10, limit: maxItemsPerFrame }, []],
  [{ kind: 'head', collection, nonce: toBase64Url(counting(16)) }, []],
  [{ kind: 'put-part', request: 2, collection, hash }, one],
  [{ kind: 'get-part', collection, hash }, []],
  [{ kind: 'ephemeral', collection }, one],
  [{ kind: 'ping' }, []],
]
const relayBytes = relayFrames.map(([message, attachments]) => writeRelayFrame(message, attachments))
const clientBytes = clientFrames.map(([message, attachments]) => writeClientFrame(message, attachments))
const anyOf = <T>(values: readonly T[]) => fc.nat({ max: values.length - 1 }).map((index) => values[index]!)

/** What is read is written again byte for byte. */
const isCanonical = (bytes: Uint8Array): boolean => {
  const [relay, client] = [readRelayFrame(bytes), readClientFrame(bytes)]
  const written = [
    relay && writeRelayFrame(relay.message, relay.attachments),
    client && writeClientFrame(client.message, client.attachments),
  ]
  return written.every((again) => again === undefined || Buffer.compare(again, bytes) === 0)
}

describe('a frame', () => {
  it('[SF1] [SF8] of every kind is read as it was written, by its own side alone', () => {
    expect(new Set(relayFrames.map(([{ kind }]) => kind)).size).toBe(relayFrameCodes.size)
    expect(new Set(clientFrames.map(([{ kind }]) => kind)).size).toBe(clientFrameCodes.size)
    relayFrames.forEach(([message, attachments], index) => {
      expect(readRelayFrame(relayBytes[index]!)).toEqual({ message, attachments })
      expect(readClientFrame(relayBytes[index]!)).toBeUndefined()
    })
    clientFrames.forEach(([message, attachments], index) => {
      expect(readClientFrame(clientBytes[index]!)).toEqual({ message, attachments })
      expect(readRelayFrame(clientBytes[index]!)).toBeUndefined()
    })
  })

  it('[SF1] [SF2] with bytes altered, added or cut is refused or canonical', () => {
    const change = fc.record({ place: fc.nat(), byte: fc.nat({ max: 255 }), cut: fc.nat({ max: 2 }) })
    fc.assert(
      fc.property(
        anyOf([...relayBytes, ...clientBytes]),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (sample, changes) => {
          const altered = changes.reduce((bytes, { place, byte, cut }) => {
            const at = place % (bytes.length + 1)
            return concat(bytes.subarray(0, at), Uint8Array.of(byte), bytes.subarray(at + cut))
          }, sample)
          return isCanonical(altered)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('[SF1] [SF2] altered with intent is refused without an error, or is canonical', () => {
    for (const bytes of hostileBytes([...relayBytes, ...clientBytes], 'frames', 1500))
      expect(isCanonical(bytes)).toBe(true)
  })

  it('[SF2] of any bytes is refused without an error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), isCanonical))
    expect(readRelayFrame(new Uint8Array(0))).toBeUndefined()
    expect(readClientFrame(Uint8Array.of(66, 255, 255, 255, 255))).toBeUndefined()
  })

  it('[SF8] with an unknown member, a kind in its JSON, or JSON in another form is refused', () => {
    const frame = (json: string) => concat(uint(66, 1), uint(utf8(json).length, 4), utf8(json))
    const good = `{"after":0,"collection":"${collection}"}`
    expect(readClientFrame(frame(good))).toEqual({
      message: { kind: 'subscribe', collection, after: 0 },
      attachments: [],
    })
    for (const json of [
      `{"collection":"${collection}","after":0}`,
      `{"after": 0,"collection":"${collection}"}`,
      `{"after":0,"collection":"${collection}","kind":"subscribe"}`,
      `{"after":0,"collection":"${collection}","more":1}`,
      `{"after":0.5,"collection":"${collection}"}`,
      `{"after":-0,"collection":"${collection}"}`,
      `{"after":0,"after":0,"collection":"${collection}"}`,
      '[]',
      'null',
      '{}',
    ])
      expect(readClientFrame(frame(json)), json).toBeUndefined()
  })

  it('[SF8] has the attachments of its kind and not one more', () => {
    expect(() => writeClientFrame({ kind: 'append', request: 1 }, [])).toThrow('attachments')
    expect(() => writeClientFrame({ kind: 'append', request: 1 }, [...one, ...one])).toThrow('attachments')
    expect(() => writeClientFrame({ kind: 'ping' }, one)).toThrow('attachments')
    expect(() => writeClientFrame({ kind: 'append', request: 1 }, [new Uint8Array(0)])).toThrow('limits')
    const append = writeClientFrame({ kind: 'append', request: 1 }, one)
    expect(readClientFrame(concat(append, uint(1, 4), Uint8Array.of(1)))).toBeUndefined()
    expect(readClientFrame(append.subarray(0, append.length - 24))).toBeUndefined()
  })

  it('[SF8] has at most 1 MiB, and its attachments the limits of their kind', () => {
    const large = new Uint8Array(maxFrameBytes - 100)
    expect(writeClientFrame({ kind: 'append', request: 1 }, [large]).length).toBeLessThanOrEqual(maxFrameBytes)
    expect(() => writeClientFrame({ kind: 'append', request: 1 }, [new Uint8Array(maxFrameBytes)])).toThrow(
      'smaller frame',
    )
    expect(readClientFrame(new Uint8Array(maxFrameBytes + 1))).toBeUndefined()
    const beyond = [
      () => writeClientFrame({ kind: 'ephemeral', collection }, [new Uint8Array(maxEphemeralBytes + 1)]),
      () => writeClientFrame({ kind: 'put-part', request: 1, collection, hash }, [new Uint8Array(maxBodyBytes + 1)]),
      () =>
        writeRelayFrame(
          { kind: 'items', collection, from: 1 },
          Array.from({ length: maxItemsPerFrame + 1 }, () => counting(1)),
        ),
    ]
    for (const write of beyond) expect(write).toThrow()
  })
})
