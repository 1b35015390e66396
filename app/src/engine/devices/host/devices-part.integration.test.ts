import { describe, expect, test } from 'vitest'
import { createDevicesWorld, idOf, trackId, type DeviceOfWorld } from './devices-world.testkit.ts'

const song = { trackId, entryId: idOf('e'), title: 'Evening' }
const deviceIn = (seen: DeviceOfWorld, shown: DeviceOfWorld) =>
  seen.view().devices.find(({ id }) => id === shown.device.device)!
const actionsOf = (device: DeviceOfWorld) => device.orders().map(({ action }) => action.kind)

const playingAtA = async () => {
  const world = await createDevicesWorld()
  await world.a.report({ ...song, state: 'playing', positionMs: 30_000 })
  await world.pass(300)
  return world
}

describe('devices of one account', () => {
  test('[DV1] each shows what the others play and where', async () => {
    const { a, b, pass } = await playingAtA()
    expect(b.view()).toMatchObject({ isOnline: true, holder: a.device.device })
    expect(deviceIn(b, a)).toMatchObject({ isHolder: true, reach: 'reached', report: { ...song, state: 'playing' } })
    await pass(1_000)
    const { positionMs } = deviceIn(b, a).report!
    expect(positionMs).toBeGreaterThanOrEqual(31_000)
    expect(positionMs).toBeLessThanOrEqual(31_500)
    expect(deviceIn(a, b)).toMatchObject({ isHolder: false, reach: 'reached' })
  })

  test('[DV2] a device that is cut off is shown so, with what it played last, and is reached again', async () => {
    const { a, b, pass, part, meet } = await playingAtA()
    part()
    await pass(6_000)
    expect(deviceIn(b, a)).toMatchObject({ reach: 'away', report: { title: 'Evening' } })
    expect(a.view().isOnline).toBe(false)
    await meet()
    expect(deviceIn(b, a).reach).toBe('reached')
  })

  test('[TK2] [DV4] a hand-off: the player pauses, the other gets the token and where the music was', async () => {
    const { a, b, pass } = await playingAtA()
    const granted = b.ask({ kind: 'take', tab: 'tab', id: idOf('w') })
    await pass(200)
    expect(actionsOf(a)).toEqual(['yield'])
    expect(b.view().holder).toBe(a.device.device)
    await a.report({ ...song, state: 'paused', positionMs: 30_400 })
    await pass(200)
    expect(await granted).toMatchObject({ kind: 'granted', from: { ...song, state: 'paused', positionMs: 30_400 } })
    expect([a, b].map((each) => each.view().holder)).toEqual([b.device.device, b.device.device])
    await pass(500)
    const document = b.device.replica.show(b.device.personal, 'playback') as { tokens: object }
    expect(Object.keys(document.tokens)).toContain(a.device.device)
  })

  test('[CM1] a command reaches the player of the holder once, and is answered', async () => {
    const { a, b, pass } = await playingAtA()
    const seek = {
      kind: 'command',
      id: idOf('s'),
      to: a.device.device,
      action: { kind: 'seek', positionMs: 5 },
    } as const
    const answers = [b.ask(seek), b.ask(seek)]
    await pass(600)
    expect(await Promise.all(answers)).toEqual([{ kind: 'done' }, { kind: 'done' }])
    expect(a.orders().map(({ action }) => action)).toEqual([{ kind: 'seek', positionMs: 5 }])
    // It is not the holder.
    const pause = a.ask({ kind: 'command', id: idOf('p'), to: b.device.device, action: { kind: 'pause' } })
    await pass(300)
    expect(await pause).toEqual({ kind: 'refused' })
  })

  test('[CM1] a command to a device that is cut off is given up', async () => {
    const { a, b, pass, part } = await playingAtA()
    part()
    const pause = b.ask({ kind: 'command', id: idOf('p'), to: a.device.device, action: { kind: 'pause' } })
    await pass(3_300)
    expect(await pause).toEqual({ kind: 'no-answer' })
  })

  test('[DV3] the tabs of a device are one player: the one before pauses', async () => {
    const { a, pass } = await playingAtA()
    await a.ask({ kind: 'report', tab: 'second', report: { ...deviceIn(a, a).report!, title: 'Morning' } })
    await pass(100)
    expect(a.orders()).toMatchObject([{ tab: 'tab of ann1', action: { kind: 'yield' } }])
    expect(deviceIn(a, a).report).toMatchObject({ title: 'Morning' })
    await a.ask({ kind: 'leave', tab: 'second' })
    await pass(100)
    expect(deviceIn(a, a).report).toMatchObject({ title: 'Evening' })
  })

  test('[TK5] a device takes over from one that is cut off, which pauses when it is back', async () => {
    const { a, b, pass, part, meet } = await playingAtA()
    part()
    const granted = b.ask({ kind: 'take', tab: 'tab', id: idOf('w') })
    await pass(3_300)
    expect(await granted).toMatchObject({ kind: 'granted' })
    expect(actionsOf(a)).toEqual([])
    await meet()
    expect(actionsOf(a)).toEqual(['yield'])
    expect(a.view().holder).toBe(b.device.device)
  })

  test('[DV1] a wish that is withdrawn, or that another one replaces, is answered so', async () => {
    const { a, b, pass } = await playingAtA()
    const first = b.ask({ kind: 'take', tab: 'tab', id: idOf('w') })
    const second = b.ask({ kind: 'take', tab: 'tab', id: idOf('x') })
    expect(await first).toEqual({ kind: 'withdrawn' })
    await b.ask({ kind: 'release', id: idOf('x') })
    expect(await second).toEqual({ kind: 'withdrawn' })
    await pass(100)
    expect(b.view().holder).toBe(a.device.device)
  })
})
