import { parseDeviceId, type DeviceId } from '@tonestead/crdt/ids'
import { createSeededRandom } from '../../../platform/system/seeded-random.ts'
import { stepToken } from './token-machine.ts'
import { startModel, type Heard, type TokenEffect, type TokenEvent, type TokenModel } from './token-model.ts'

// Devices with the token machine, and a network that loses, repeats, delays and parts. Time moves in steps; everything follows from a seed.

export type TestDevice = {
  readonly id: DeviceId
  model: TokenModel
  /** Whether its loudspeaker sounds. */
  isSounding: boolean
  isAsleep: boolean
  group: number
  nextSayMs: number
  /** When the player will have paused. */
  silentAtMs: number | undefined
}
type Delivery = { readonly atMs: number; readonly to: TestDevice; readonly heard: Heard }

export type NetworkRules = {
  readonly lossPercent: number
  readonly doublePercent: number
  readonly mostDelayMs: number
}

const stepMs = 10
/** Most messages in a row that are lost from one device to another while they reach each other. */
const mostLost = 2

export type TokenWorld = ReturnType<typeof createTokenWorld>

export const createTokenWorld = (seed: number, count: number, rules: NetworkRules) => {
  const random = createSeededRandom(seed)
  let nowMs = 0
  let wishes = 0
  const onWay = new Set<Delivery>()
  const lost = new Map<string, number>()
  /** Since when two devices have reached each other, by their ids. */
  const together = new Map<string, number>()
  /** Since when two devices sound together, by their ids. */
  const both = new Map<string, number>()
  /** How long two have sounded together while they reached each other, at most: those that met so, and those that began so. */
  const longest = { metMs: 0, begunMs: 0 }
  const devices: TestDevice[] = Array.from({ length: count }, (_, index) => {
    const id = parseDeviceId('abcdefgh'[index]!.repeat(52))
    return {
      ...{ id, model: startModel(id), isSounding: false, isAsleep: false, group: 0 },
      ...{ nextSayMs: 0, silentAtMs: undefined },
    }
  })
  const reaches = (a: TestDevice, b: TestDevice): boolean => a.group === b.group && !a.isAsleep && !b.isAsleep

  const deliver = (from: TestDevice, to: TestDevice, heard: Heard): void => {
    if (!reaches(from, to)) return
    const pair = `${from.id}${to.id}`
    const isLost = random.below(100) < rules.lossPercent && (lost.get(pair) ?? 0) < mostLost
    lost.set(pair, isLost ? (lost.get(pair) ?? 0) + 1 : 0)
    if (isLost) return
    const times = random.below(100) < rules.doublePercent ? 2 : 1
    for (let each = 0; each < times; each += 1)
      onWay.add({ atMs: nowMs + 1 + random.below(rules.mostDelayMs), to, heard })
  }
  const send = (from: TestDevice, to: DeviceId | undefined, message?: Heard['message']): void => {
    const heard = { from: from.id, token: from.model.token, isSounding: from.isSounding, message }
    for (const other of devices)
      if (other !== from && (to === undefined || other.id === to)) deliver(from, other, heard)
  }
  const run = (device: TestDevice, effect: TokenEffect): void => {
    if (effect.kind === 'sound') {
      device.isSounding = true
      device.silentAtMs = undefined
    }
    if (effect.kind === 'pause') device.silentAtMs = nowMs + random.below(30)
    if (effect.kind === 'say') send(device, undefined)
    if (effect.kind === 'send') send(device, effect.to, effect.message)
  }
  const happen = (device: TestDevice, event: TokenEvent): void => {
    const { model, effects } = stepToken(device.model, event, nowMs)
    device.model = model
    for (const effect of effects) run(device, effect)
  }
  const watchPairs = (): void => {
    for (const [index, a] of devices.entries())
      for (const b of devices.slice(index + 1)) {
        const pair = `${a.id}${b.id}`
        if (!reaches(a, b)) together.delete(pair)
        else together.set(pair, together.get(pair) ?? nowMs)
        if (a.isSounding && b.isSounding) both.set(pair, both.get(pair) ?? nowMs)
        else both.delete(pair)
        const [metAtMs, begunAtMs] = [together.get(pair), both.get(pair)]
        if (metAtMs === undefined || begunAtMs === undefined) continue
        const key = metAtMs >= begunAtMs ? 'metMs' : 'begunMs'
        longest[key] = Math.max(longest[key], nowMs - Math.max(metAtMs, begunAtMs))
      }
  }
  const moveDevice = (device: TestDevice): void => {
    if (device.isAsleep) return
    if (device.silentAtMs !== undefined && device.silentAtMs <= nowMs) {
      device.silentAtMs = undefined
      device.isSounding = false
      happen(device, { kind: 'silent' })
    }
    if (nowMs >= device.nextSayMs) {
      send(device, undefined)
      device.nextSayMs = nowMs + (device.isSounding ? 2_000 : 5_000)
    }
    if (nowMs % 50 === 0) happen(device, { kind: 'tick' })
  }
  const advance = (ms: number): void => {
    for (const endMs = nowMs + ms; nowMs < endMs; nowMs += stepMs) {
      for (const delivery of onWay) {
        if (delivery.atMs > nowMs) continue
        onWay.delete(delivery)
        // What reaches a sleeping device waits in its socket.
        if (delivery.to.isAsleep) onWay.add({ ...delivery, atMs: nowMs + stepMs })
        else happen(delivery.to, { kind: 'heard', heard: delivery.heard })
      }
      for (const device of devices) moveDevice(device)
      watchPairs()
    }
  }
  return {
    devices,
    random,
    advance,
    want: (device: TestDevice) => {
      wishes += 1
      happen(device, { kind: 'want', id: `w${wishes}` })
    },
    /** The person pauses it. */
    pause: (device: TestDevice) => {
      happen(device, { kind: 'unwanted' })
      if (device.isSounding) device.silentAtMs = nowMs
    },
    hear: (device: TestDevice, heard: Heard) => happen(device, { kind: 'heard', heard }),
    join: () => {
      for (const device of devices) if (!device.isAsleep) happen(device, { kind: 'joined' })
    },
    sounding: () => devices.filter(({ isSounding }) => isSounding),
    longest,
  }
}
