import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDurationMs, parseUnixMs } from '../instant.ts'
import { attempt, beginDocument, changed, copyFor, merged } from '../testkit/automerge.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import { playKey, playsIn } from './history-document.ts'
import type { Play } from './packed-play.ts'
import type { PlaybackAnchor, Token } from './packed-playback.ts'
import { currentAnchor, currentToken, isBelow, type PlaybackIntent } from './playback-document.ts'
import { settingsIn } from './settings-document.ts'

const id = samples.intentId(1)
const [d, e, f] = ['d', 'e', 'f'].map(samples.deviceId) as [never, never, never]
const grant = (device: never, token: Token): PlaybackIntent => ({ kind: 'grantToken', id, device, token })
const anchor = (device: never, epoch: number, positionMs: number): PlaybackIntent => ({
  kind: 'setAnchor',
  id,
  device,
  anchor: { epoch, positionMs: parseDurationMs(positionMs), at: samples.anInstant, rate: 1 } satisfies PlaybackAnchor,
})

describe('playback', () => {
  const tokens = fc.record({ epoch: fc.nat(5), to: fc.constantFrom(d, e, f) })
  test('[PB1] the highest epoch counts, then the highest device id, on every device and in whatever order of arrival', () => {
    expect(currentToken(beginDocument('playback'))).toBeUndefined()
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), tokens), { minLength: 1, maxLength: 12 }), (grants) => {
        const documents = [d, e, f].map((device, replica) =>
          grants
            .filter(([by]) => by === replica)
            .reduce(
              (document, [, token]) => changed('playback', document, grant(device, token)),
              beginDocument('playback', replica),
            ),
        )
        const highest = grants.map(([, token]) => token).reduce((a, b) => (isBelow(a, b) ? b : a))
        expect(currentToken(documents.reduce(merged))).toEqual(highest)
        expect(currentToken(documents.toReversed().reduce(merged))).toEqual(highest)
      }),
      { numRuns: 30, seed: 6 },
    )
  })
  test('[PB2] the position is that of the highest epoch, then of the highest device id', () => {
    const intents = [anchor(f, 1, 10), anchor(d, 3, 30), anchor(e, 3, 31)]
    const document = intents.reduce((each, intent) => changed('playback', each, intent), beginDocument('playback'))
    expect(currentAnchor(document)).toMatchObject({ device: e, anchor: { epoch: 3, positionMs: 31 } })
    expect(currentAnchor(beginDocument('playback'))).toBeUndefined()
  })
  test('[PB3] a token only grows, and an anchor never goes back to a lower epoch', () => {
    const document = [grant(d, { epoch: 4, to: e }), anchor(d, 4, 40)].reduce(
      (each, intent) => changed('playback', each, intent),
      beginDocument('playback'),
    )
    for (const late of [grant(d, { epoch: 3, to: f }), grant(d, { epoch: 4, to: d }), anchor(d, 3, 30)])
      expect(attempt('playback', document, { intent: late }).outcome).toEqual({ kind: 'unchanged' })
    expect(currentToken(changed('playback', document, grant(d, { epoch: 4, to: f })))).toEqual({ epoch: 4, to: f })
    expect(currentAnchor(changed('playback', document, anchor(d, 4, 10)))!.anchor.positionMs).toBe(10)
  })
})

describe('history', () => {
  const play = (name: string, startedAt: number): Play => ({
    track: samples.trackReference(name),
    startedAt: parseUnixMs(startedAt),
    playedMs: parseDurationMs(30_000),
  })
  const add = (number: number, plays: readonly Play[]) =>
    ({ kind: 'addPlays', id: samples.intentId(number), plays }) as const
  test('[HI1] a play is added once, also beside another one at the same instant, and can be removed', () => {
    const plays = [play('x', 5), play('y', 5)]
    const document = changed('history', changed('history', beginDocument('history'), add(1, plays)), add(1, plays))
    expect(playsIn([document])).toHaveLength(2)
    const keys = [playKey(plays[0]!, samples.intentId(1), 0)]
    const removed = changed('history', document, { kind: 'removePlays', id: samples.intentId(2), keys })
    expect(playsIn([removed]).map(({ track }) => track.title)).toEqual(['Title y'])
  })
  test('[HI2] plays of several documents are one list, newest first', () => {
    const one = changed('history', beginDocument('history'), add(1, [play('x', 5), play('z', 1_000)]))
    const two = changed('history', beginDocument('history'), add(2, [play('y', 30)]))
    expect(playsIn([one, two]).map(({ startedAt }) => startedAt)).toEqual([1_000, 30, 5])
  })
})

describe('settings', () => {
  const change = (values: Record<string, string | number | boolean>) =>
    ({ kind: 'changeSettings', id, values }) as const
  test('[SE1] settings are set and reset by name; unknown names are kept', () => {
    let document = changed('settings', beginDocument('settings'), change({ theme: 'dark', constructor: 1 }))
    document = changed('settings', document, change({ theme: 'light', hasShortcuts: false }))
    expect(settingsIn(document)).toEqual(
      new Map<string, unknown>([
        ['theme', 'light'],
        ['constructor', 1],
        ['hasShortcuts', false],
      ]),
    )
    document = changed('settings', document, { kind: 'resetSettings', id, names: ['theme', 'absent'] })
    expect([...settingsIn(document).keys()]).toEqual(['constructor', 'hasShortcuts'])
  })
  test('[SE1] [MP1] of two values at the same time one wins, and a value wins over a reset', () => {
    const begun = changed('settings', beginDocument('settings'), change({ theme: 'dark', quality: 'auto' }))
    const one = changed('settings', changed('settings', begun, change({ theme: 'light' })), {
      kind: 'resetSettings',
      id,
      names: ['quality'],
    })
    const two = changed('settings', copyFor(begun, 1), change({ theme: 'system', quality: 'lossless' }))
    const [first, second] = [merged(one, two), merged(two, one)].map(settingsIn)
    expect(first).toEqual(second)
    expect(['light', 'system']).toContain(first!.get('theme'))
    expect(first!.get('quality')).toBe('lossless')
  })
})
