import { createSeededRandom } from '../../../platform/system/seeded-random.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import { createWorld, type TestDevice } from '../../replica/replica-world.testkit.ts'
import type { PlayerReport } from '../messages/player-report.ts'
import type { DevicesQuestion, LeaderDevices, Orders } from '../messages/tab-messages.ts'
import { createDevicesPart, type DevicesPart } from './create-devices-part.ts'

// Devices of one account with a direct link, each with the leader's part for devices.

export const trackId = 'a'.repeat(26)
const reportOf = (given: Partial<PlayerReport>): PlayerReport => ({
  ...{ state: 'idle', positionMs: 0, durationMs: 200_000, volume: 1, isMuted: false, queueMark: '' },
  ...given,
})
export const idOf = (letter: string): string => letter.repeat(26)

export type DeviceOfWorld = {
  readonly device: TestDevice
  readonly part: DevicesPart
  readonly ask: (question: DevicesQuestion) => Promise<unknown>
  readonly view: () => LeaderDevices
  readonly orders: () => Orders['orders']
  readonly report: (report: Partial<PlayerReport>) => Promise<unknown>
}

export const createDevicesWorld = async () => {
  const world = await createWorld()
  const first = await world.createAccount('ann')
  const devices = [first, await world.addDevice(first, 'annb')].map(start)
  const [a, b] = devices as [DeviceOfWorld, DeviceOfWorld]
  /** Delivers what is on its way, and lets time pass at every device. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      await world.settle()
      for (const { device } of devices) await device.clock.advance(50)
    }
    await world.settle()
  }
  let cut = (): void => undefined
  const meet = async (): Promise<void> => {
    a.device.goOnline()
    cut = world.connect(a.device, b.device)
    await pass(50)
    for (const { part } of devices) part.setOnline(true)
    await pass(200)
  }
  await meet()
  /** They do not reach each other, and A knows. */
  const part = (): void => {
    cut()
    a.device.goOffline()
    a.part.setOnline(false)
  }
  return { a, b, pass, meet, part }
}

const start = (device: TestDevice, index: number): DeviceOfWorld => {
  const { replica, personal, account, clock } = device
  const random = createSeededRandom(100 + index)
  const part = createDevicesPart({
    ...{ replica, personal, account, self: device.device, clock, random, log: silentLog },
  })
  const tab = `tab of ${device.name}`
  return {
    device,
    part,
    ask: (question) => part.answer(question),
    view: () => part.value('view') as LeaderDevices,
    orders: () => (part.value('orders') as Orders).orders,
    report: (report) => part.answer({ kind: 'report', tab, report: reportOf(report) }),
  }
}
