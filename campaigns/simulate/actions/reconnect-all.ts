import { linkPeers } from '../world/peer-links.ts'
import { honestDevices } from '../world/world.ts'
import type { SimulatedDevice, World } from '../world/model.ts'

const roundMs = 7000
const mostRounds = 16

/** What still moves. */
const pictureOfProgress = (devices: readonly SimulatedDevice[]): string =>
  devices
    .map((device) => {
      const replica = device.replica()
      return replica
        .collections()
        .map((id) => {
          const status = replica.status(id)!
          return [status.kind, status.length, status.pending, status.waiting].join(':')
        })
        .join()
    })
    .join('|')

/** Nothing fails any more: everybody is online, then also linked to everybody, until nothing changes. */
export const heal = async (world: World): Promise<void> => {
  const devices = honestDevices(world)
  await world.schedule.run(6000)
  for (const host of world.hosts.slice(-1)) if (!host.isUp()) await host.start()
  for (const device of world.devices.values()) device.goOnline()
  await rounds(world, devices)
  for (const a of devices) for (const b of devices) linkPeers(world, a, b)
  await rounds(world, devices)
}

const rounds = async (world: World, devices: readonly SimulatedDevice[]): Promise<void> => {
  let before = ''
  for (let round = 0; round < mostRounds && world.faults.length === 0; round += 1) {
    await world.schedule.run(roundMs)
    const now = pictureOfProgress(devices)
    if (now === before) return
    before = now
  }
}
