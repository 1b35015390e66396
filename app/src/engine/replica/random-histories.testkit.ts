import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { forge } from './forge.testkit.ts'
import { createWorld, type TestDevice } from './replica-world.testkit.ts'

// Random histories of several devices: edits, crashes with lost transactions, cuts, direct links, changes of the membership, an editor who does not keep to
// the rules. One seed gives one history.

export type HistoryResult = {
  readonly devices: readonly TestDevice[]
  readonly entries: readonly (readonly string[])[]
  readonly statuses: readonly ReturnType<TestDevice['replica']['status']>[]
  /** Entries that were answered `kept` or `waiting` by devices that stayed members, and those that somebody removed. */
  readonly added: ReadonlySet<string>
  readonly removed: ReadonlySet<string>
  readonly counts: Readonly<Record<string, number>>
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const nameOf = (number: number): string => [...String(number)].map((digit) => letters[Number(digit)]).join('')

/** `crashWith`: what happens to a device in place of a crash. */
export const playRandomHistory = async (
  seed: number,
  steps = 60,
  crashWith: (device: TestDevice, below: (limit: number) => number) => Promise<void> = (device, below) =>
    device.crash(below(4)),
): Promise<HistoryResult> => {
  const random = createSeededRandom(seed)
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)]!
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const cleo = await world.createAccount('cleo')
  const eve = await world.createAccount('eve')
  const list = await world.createShared(ann, [
    [ben, 'owner'],
    [cleo, 'editor'],
    [eve, 'editor'],
  ])
  const ann2 = await world.addDevice(ann, 'ann2')
  await ann2.replica.follow(list)
  await world.settle()
  const honest = [ann, ann2, ben, cleo]
  const online = new Set<TestDevice>(honest)
  const links: (() => void)[] = []
  const added = new Set<string>()
  const removed = new Set<string>()
  const counts: Record<string, number> = {}
  const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1)
  let entries = 0

  const deliverSome = async (): Promise<void> => {
    for (let left = random.below(12); left > 0 && world.queue.length > 0; left -= 1) {
      // A message is lost only with its link, so that the order on each link stays; which link comes next is random by the order of sending.
      await world.queue.shift()!()
      for (const device of honest) await device.replica.idle()
    }
  }
  const edit = async (): Promise<void> => {
    const device = pick(honest)
    const shown = device.entries(list)
    const kind = random.below(10)
    if (kind < 6 || shown.length === 0) {
      entries += 1
      const name = `n${nameOf(entries)}`
      const outcome = await device.add(list, name, shown.length > 0 && random.below(2) === 0 ? pick(shown) : undefined)
      if (outcome.kind === 'kept' || outcome.kind === 'waiting') added.add(name)
      count(`add ${outcome.kind}`)
    } else if (kind < 8) count(`move ${(await device.move(list, pick(shown), pick(shown))).kind}`)
    else if (kind < 9) {
      const entry = pick(shown)
      const { kind: outcome } = await device.remove(list, entry)
      if (outcome !== 'no-right') removed.add(entry)
      count(`remove ${outcome}`)
    } else count(`title ${(await device.rename(list, `title ${entries}`)).kind}`)
  }
  const toggle = (): void => {
    const device = pick(honest)
    if (online.delete(device)) device.goOffline()
    else {
      online.add(device)
      device.goOnline()
    }
    count('toggle')
  }
  const crash = async (): Promise<void> => {
    const device = pick(honest)
    await crashWith(device, random.below)
    if (online.has(device)) device.goOnline()
    count('crash')
  }
  const connect = (): void => {
    const [a, b] = [pick(honest), pick(honest)]
    if (a !== b) links.push(world.connect(a, b))
    if (links.length > 3) links.shift()!()
    count('link')
  }
  const changeMembers = (): void => {
    const owner = pick([ann, ben])
    const member = world.relay.logs.get(list)!.log.now()!.members.get(eve.account)
    const kind = random.below(3)
    if (kind === 0 && member !== undefined) {
      owner.pursue({
        kind: 'change-role',
        collection: list,
        account: eve.account,
        role: member.role === 'viewer' ? 'editor' : 'viewer',
      })
    } else if (kind === 1) owner.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    else
      owner.pursue({
        kind: 'change-role',
        collection: list,
        account: cleo.account,
        role: pick(['owner', 'editor'] as const),
      })
    count('membership')
  }
  const attack = async (): Promise<void> => {
    const mutations = [
      undefined,
      { mutate: (change: { seq: number }) => void (change.seq = 7) },
      { mutate: (change: { startOp: number }) => void (change.startOp += 5) },
      { changes: [Uint8Array.of(1, 2, 3)] },
    ]
    // Who was removed, or whose document was not begun yet, can make no envelope.
    const envelope = await forge(eve, list, pick(mutations) ?? { title: `evil ${entries}` }).catch(() => undefined)
    if (envelope === undefined) return
    if (random.below(2) === 0) await world.relay.append(world.relay.logFor('', list), envelope)
    else await world.give(eve, pick(honest), envelope)
    count('attack')
  }

  for (let step = 0; step < steps; step += 1) {
    const kind = random.below(20)
    if (kind < 8) await edit()
    else if (kind < 11) toggle()
    else if (kind < 13) await crash()
    else if (kind < 15) connect()
    else if (kind < 16) changeMembers()
    else if (kind < 17) await attack()
    await deliverSome()
  }
  for (const close of links) close()
  for (let round = 0; round < 3; round += 1) {
    for (const device of honest) device.goOnline()
    await world.settle()
  }
  return {
    devices: honest,
    entries: honest.map((device) => device.entries(list)),
    statuses: honest.map((device) => device.replica.status(list)),
    added,
    removed,
    counts,
  }
}
