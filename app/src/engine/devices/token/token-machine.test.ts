import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenWorld, type NetworkRules, type TokenWorld } from './token-world.testkit.ts'

const good: NetworkRules = { lossPercent: 0, doublePercent: 0, mostDelayMs: 40 }
const bad: NetworkRules = { lossPercent: 30, doublePercent: 20, mostDelayMs: 120 }

const started = (seed: number, count: number, rules: NetworkRules): TokenWorld => {
  const world = createTokenWorld(seed, count, rules)
  world.join()
  world.advance(300)
  world.want(world.devices[0]!)
  world.advance(8_000)
  return world
}

/** One of the things that people, sleep and networks do. */
const disturb = (world: TokenWorld): void => {
  const { devices, random } = world
  const device = devices[random.below(devices.length)]!
  const what = random.below(8)
  if (what < 3 && !device.isAsleep) world.want(device)
  if (what === 3 && !device.isAsleep) world.pause(device)
  if (what === 4) device.isAsleep = !device.isAsleep
  if (what === 5) for (const each of devices) each.group = random.below(2)
  if (what === 6) {
    for (const each of devices) each.group = 0
    world.join()
  }
  world.advance(random.below(7_000))
}

const heal = (world: TokenWorld): void => {
  for (const device of world.devices) {
    device.group = 0
    device.isAsleep = false
  }
  world.join()
}

const seeds = fc.integer({ min: 1, max: 1_000_000 })

describe('two devices', () => {
  it('[TK2] the one that sounds pauses, and the other begins then', () => {
    const world = started(1, 2, good)
    const [a, b] = world.devices
    expect(world.sounding()).toEqual([a])
    world.want(b!)
    world.advance(500)
    expect(world.sounding()).toEqual([b])
    expect([a!.model.token, b!.model.token]).toEqual([
      { epoch: 2, to: b!.id },
      { epoch: 2, to: b!.id },
    ])
    expect(world.longest).toEqual({ metMs: 0, begunMs: 0 })
  })

  it('[TK5] a holder that is cut off is superseded after 3 s, and pauses when they meet', () => {
    const world = started(2, 2, good)
    const [a, b] = world.devices
    b!.group = 1
    world.want(b!)
    world.advance(2_500)
    expect(world.sounding()).toEqual([a])
    world.advance(1_500)
    expect(world.sounding()).toEqual([a, b])
    heal(world)
    world.advance(200)
    expect(world.sounding()).toEqual([b])
  })

  it('[TK3] a late question for an old token moves nothing', () => {
    const world = started(3, 2, good)
    const [a, b] = world.devices
    const old = { kind: 'take', id: 'old', token: a!.model.token! } as const
    world.want(b!)
    world.advance(500)
    world.want(a!)
    world.advance(500)
    expect(world.sounding()).toEqual([a])
    const heard = { from: b!.id, token: old.token, isSounding: false, message: old }
    world.hear(a!, heard)
    world.advance(500)
    expect(world.sounding()).toEqual([a])
  })
})

describe('three devices', () => {
  it('[TK6] two that want the token of a sleeping holder have it one after the other', () => {
    const world = started(4, 3, good)
    const [a, b, c] = world.devices
    a!.isSounding = false
    a!.isAsleep = true
    world.want(b!)
    world.want(c!)
    world.advance(5_000)
    expect(world.sounding()).toEqual([b])
    expect(b!.model.token).toEqual({ epoch: 3, to: b!.id })
    expect(world.longest).toEqual({ metMs: 0, begunMs: 0 })
  })
})

describe('any devices on any network', () => {
  it('[TK1] [TK4] never do two sound that reach each other, beyond the time that one exchange takes', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 5 }), fc.boolean(), (seed, count, isBad) => {
        const world = started(seed, count, isBad ? bad : good)
        for (let round = 0; round < 25; round += 1) disturb(world)
        // It says every 2 s what it does, and two such messages in a row may be lost.
        expect(world.longest.metMs).toBeLessThanOrEqual(isBad ? 6_500 : 2_200)
        // Nobody answers for a holder that is away: two that take its token at the same time hear of it by the next message.
        expect(world.longest.begunMs).toBeLessThanOrEqual(isBad ? 6_500 : 100)
      }),
      { numRuns: 100 },
    )
  })

  it('[TK1] [TK5] after everything was parted at most one sounds, and whoever wants to sound then does, alone', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 5 }), (seed, count) => {
        const world = started(seed, count, bad)
        for (let round = 0; round < 15; round += 1) disturb(world)
        heal(world)
        world.advance(7_000)
        expect(world.sounding().length).toBeLessThanOrEqual(1)
        const device = world.devices[world.random.below(count)]!
        world.want(device)
        world.advance(12_000)
        expect(world.sounding()).toEqual([device])
        expect(new Set(world.devices.map(({ model }) => JSON.stringify(model.token))).size).toBe(1)
      }),
      { numRuns: 60 },
    )
  })
})
