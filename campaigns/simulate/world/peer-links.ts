import type { Bytes } from '@tonestead/protocol/bytes'
import type { Replica } from '../../../app/src/engine/replica/replica.ts'
import { createWire, type Channel } from './channel.ts'
import type { PeerLink, SimulatedDevice, World } from './model.ts'

/** A direct link between two devices. */
export const linkPeers = (world: World, a: SimulatedDevice, b: SimulatedDevice): void => {
  if (a === b || linkBetween(a, b) !== undefined) return
  const wire = createWire(world.network, () => {
    a.links.delete(link)
    b.links.delete(link)
    toA.closed()
    toB.closed()
  })
  const link: PeerLink = { a, b, close: wire.close }
  const open = (from: SimulatedDevice, to: SimulatedDevice, { channel, receive }: Direction): Read =>
    from.replica().openLink({
      kind: 'peer',
      account: to.account,
      device: to.device,
      send: (frame) => channel.send(() => receive().receive(frame)),
      close: wire.close,
    })
  const toA: Read = open(a, b, { channel: wire.toServer, receive: () => toB })
  const toB: Read = open(b, a, { channel: wire.toClient, receive: () => toA })
  a.links.add(link)
  b.links.add(link)
  world.peerWires.set(link, {
    toA: (frame) => wire.toClient.send(() => toA.receive(frame)),
    toB: (frame) => wire.toServer.send(() => toB.receive(frame)),
  })
}

type Read = ReturnType<Replica['openLink']>
type Direction = { readonly channel: Channel; readonly receive: () => Read }

export const linkBetween = (a: SimulatedDevice, b: SimulatedDevice): PeerLink | undefined =>
  [...a.links].find((link) => link.a === b || link.b === b)

/** Sends a frame of our own making on the direct link to another device. */
export const sendToPeer = (
  { peerWires }: World,
  { from, to }: { readonly from: SimulatedDevice; readonly to: SimulatedDevice },
  frame: Bytes,
): void => {
  const link = linkBetween(from, to)
  const wires = link === undefined ? undefined : peerWires.get(link)
  if (wires !== undefined) (link?.a === to ? wires.toA : wires.toB)(frame)
}

export const peersOf = (device: SimulatedDevice): SimulatedDevice[] =>
  [...device.links].map(({ a, b }) => (a === device ? b : a))
