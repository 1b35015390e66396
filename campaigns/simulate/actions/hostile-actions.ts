import type { DecodedChange } from '@automerge/automerge'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { actorOf } from '@tonestead/protocol/sync/derived-ids'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { writeClientFrame, writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { signMembership } from '@tonestead/protocol/sync/keys/sign-item'
import { holdsRole } from '@tonestead/protocol/sync/log/rights'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import { parseChainHash, parseFeedId } from '@tonestead/protocol/sync/sync-ids'
import { documentIdOf } from '../../../app/src/engine/replica/documents/document-id.ts'
import { makeItem } from '../../../app/src/engine/replica/goals/make-item.ts'
import { forge, lookInside, type Forgery, type Inside } from './forge-envelope.ts'
import { anyShared, type Action } from './honest-actions.ts'
import { hostileSnapshots } from './hostile-snapshots.ts'
import { linkPeers, peersOf, sendToPeer } from '../world/peer-links.ts'
import { collectionOf, deviceOf, documentNames, honestDevices } from '../world/world.ts'
import type { SimulatedDevice, World } from '../world/model.ts'

// What members with real keys, viewers and strangers do against the rules.

/** Far above the numbers that replicas give their requests, so that the answer is nobody's. */
const foreignRequest = 2 ** 31

/** Sends an item to the relay, and to peers as pending if it is an envelope. */
const spread = (
  world: World,
  device: SimulatedDevice,
  {
    item,
    isToRelay = true,
    peers = peersOf(device),
  }: { item: LogItem; isToRelay?: boolean; peers?: SimulatedDevice[] },
): void => {
  if (isToRelay) device.sendToRelays(writeClientFrame({ kind: 'append', request: foreignRequest }, [writeItem(item)]))
  if (item.kind !== 'envelope') return
  const frame = writeRelayFrame({ kind: 'pending', collection: item.header.collection }, [writeItem(item)])
  for (const peer of peers) sendToPeer(world, { from: device, to: peer }, frame)
}

/** The first operation of a decoded change, of which a forgery alters something. */
type Op = DecodedChange['ops'][number]
const op = (fields: object): Op => ({ obj: '_root', pred: [], ...fields }) as unknown as Op
const foreign = (inside: Inside, world: World): string => {
  const last = inside.state.log.lastOfDevice(world.choices.pick(honestDevices(world)).device)
  return actorOf(last?.feed ?? parseFeedId(inside.state.id), documentIdOf(inside.state.id, documentNames[0]))
}

type Recipe = (inside: Inside, world: World, device: SimulatedDevice) => Forgery

/** Never counts, whatever the log is. */
const forbiddenRecipes: Readonly<Record<string, Recipe>> = {
  'actor of another': (inside, world) => ({ actor: foreign(inside, world) }),
  'garbage as a change': (_, world) => ({ garbage: world.choices.bytes(40) }),
  'gap in seq': () => ({ mutate: (decoded) => void (decoded.seq = 5) }),
  'startOp too high': () => ({ mutate: (decoded) => void (decoded.startOp += 7) }),
  'startOp of 2^31': () => ({
    mutate: (decoded) => {
      decoded.ops = [op({ action: 'set', key: 'title', value: 'x' })]
      decoded.startOp = 2 ** 31
    },
  }),
  'unknown reference': (inside, world) => ({
    mutate: (decoded) => {
      const actor = foreign(inside, world)
      for (const each of decoded.ops as { elemId?: string }[])
        if (each.elemId !== undefined) each.elemId = `7777@${actor}`
    },
  }),
  'pred of another key': (inside, world) => ({
    mutate: (decoded) =>
      void (decoded.ops = [op({ action: 'set', key: 'odd-key', value: '1', pred: [`3@${foreign(inside, world)}`] })]),
  }),
  'insertion into a map': () => ({
    mutate: (decoded) => void (decoded.ops = [op({ action: 'set', elemId: '_head', insert: true, value: 'x' })]),
  }),
  'false seen': ({ state }) => ({
    header: { seen: { seq: state.log.length(), chain: parseChainHash(state.id) } },
  }),
  // In the name of one who may write here, nothing but the signature is wrong; otherwise the feed is too.
  'name of another device': ({ state }, world) => {
    const other = world.choices.pick(honestDevices(world))
    const { account, device } = other
    return holdsRole(state.log.now(), other, 'editor') ? { as: other } : { header: { account, device } }
  },
  'feed of another device': (inside, world) => {
    const last = inside.state.log.lastOfDevice(world.choices.pick(honestDevices(world)).device)
    return last === undefined
      ? { garbage: world.choices.bytes(9) }
      : { after: { feed: last.feed, number: last.number, id: last.id } }
  },
}

/** May count, or not, as long as everybody agrees. */
const doubtfulRecipes: Readonly<Record<string, Recipe>> = {
  'no deps': () => ({ hasNoDeps: true }),
  'old seen': ({ state }, world) => {
    const seq = Math.max(1, state.log.length() - world.choices.below(8))
    const epoch = state.log.stateAt(seq)?.epoch
    return { header: { seen: { seq, chain: state.log.chainAt(seq) }, ...(epoch && { epoch }) } }
  },
  'former epoch': ({ state }, world) => ({ header: { epoch: world.choices.pick([...state.epochs.keys()]) } }),
  'number again': ({ state }, _, device) => {
    const own = ownEnvelopes({ state }, device)
    const last = own.at(-1)
    return last === undefined
      ? {}
      : { header: { feed: last.header.feed, number: last.header.number, prev: last.header.prev } }
  },
  // A new feed that begins behind an envelope which is not the last one of the device.
  'prev in a former feed': ({ state }, _, device) => {
    const former = ownEnvelopes({ state }, device).at(-2)
    return former === undefined ? {} : { header: { prev: former.id } }
  },
}

const ownEnvelopes = ({ state }: Pick<Inside, 'state'>, device: SimulatedDevice) => {
  const items: Pick<Envelope, 'id' | 'header'>[] = []
  for (let seq = 1; seq <= state.log.length(); seq += 1) {
    const item = state.log.at(seq)?.item
    if (item?.kind === 'envelope' && item.header.device === device.device) items.push(item)
  }
  return items
}

const forgeAndSpread = async (
  world: World,
  {
    device,
    inside,
    recipe,
    isForbidden,
    name,
  }: { device: SimulatedDevice; inside: Inside; recipe: Recipe; isForbidden: boolean; name: string },
): Promise<void> => {
  const entry = world.choices.id()
  if (isForbidden) world.forbidden.set(entry, `${device.name}: ${name}`)
  else world.hostileEntries.add(entry)
  // Some forgeries cannot be made of what is there, such as a change without the operation that would be altered.
  const item = await forge(world, { device, inside, entry, forgery: recipe(inside, world, device) }).catch(
    () => undefined,
  )
  if (item === undefined) return world.count('forgeries not made')
  world.count(`forgery: ${name}`)
  spread(world, device, { item })
}

const forgeAsEditor = async (world: World): Promise<void> => {
  const device = deviceOf(world, 'x1')
  const inside = await lookInside(device, anyShared(world))
  if (inside === undefined) return
  const isForbidden = world.choices.chance(0.65)
  const recipes = Object.entries(isForbidden ? forbiddenRecipes : doubtfulRecipes)
  const [name, recipe] = world.choices.pick(recipes)
  await forgeAndSpread(world, { device, inside, recipe, isForbidden, name })
}

/** Two envelopes with one number; some get the one, some the other. */
const fork = async (world: World): Promise<void> => {
  const device = deviceOf(world, 'x1')
  const inside = await lookInside(device, anyShared(world))
  if (inside === undefined) return
  const peers = peersOf(device)
  const first = peers.filter(() => world.choices.chance(0.5))
  for (const group of [first, peers.filter((peer) => !first.includes(peer))]) {
    const entry = world.choices.id()
    world.hostileEntries.add(entry)
    const item = await forge(world, { device, inside, entry, forgery: {} })
    spread(world, device, { item, peers: group, isToRelay: world.choices.chance(0.5) })
  }
  world.count('forks')
}

/** A viewer with all keys, and a stranger who has got hold of the log. */
const writeWithoutRight = async (world: World): Promise<void> => {
  const isViewer = world.choices.chance(0.7)
  const device = deviceOf(world, isViewer ? 'v1' : 's1')
  const from = isViewer ? device : deviceOf(world, 'o1')
  const inside = await lookInside(device, collectionOf(world, 'S1'), from)
  if (inside === undefined) return
  for (const peer of honestDevices(world)) if (world.choices.chance(0.2)) linkPeers(world, device, peer)
  const name = isViewer ? 'a viewer writes' : 'a stranger writes'
  await forgeAndSpread(world, { device, inside, recipe: () => ({}), isForbidden: true, name })
}

/** An epoch that is not sealed to all members. */
const beginBadEpoch = async (world: World): Promise<void> => {
  const device = deviceOf(world, 'x1')
  const collection = collectionOf(world, 'S1')
  const inside = await lookInside(device, collection)
  const now = inside?.state.log.now()
  if (inside === undefined || now === undefined) return
  const currentKey = inside.state.epochs.get(now.epoch)?.bytes
  const plan = { kind: 'operation', begins: true, operation: { kind: 'epoch', expired: [] } } as const
  const good = await makeItem(inside.context, { collection, now, currentKey }, plan)
  const { operation } = good.header
  if (operation.kind !== 'epoch') return
  const kept = operation.epoch.recipients.filter(() => world.choices.chance(0.7))
  const item = await signMembership(
    { subtle: world.subtle, signingKey: device.identity.signing.privateKey },
    { ...good.header, operation: { ...operation, epoch: { ...operation.epoch, recipients: kept } } },
    good.boxes.filter(({ recipient }) => kept.includes(recipient)),
  )
  world.count('epochs for too few')
  spread(world, device, { item })
}

export const hostileActions: readonly Action[] = [
  [6, forgeAsEditor],
  [2, fork],
  [2, writeWithoutRight],
  [0.8, beginBadEpoch],
  ...hostileSnapshots,
]
