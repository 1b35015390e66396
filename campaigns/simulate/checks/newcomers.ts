import { requireThat } from './violation.ts'
import type { Judged } from './judged.ts'
import { pictureOf } from './shown-state.ts'
import { documentNames } from '../world/world.ts'
import type { SimulatedDevice, World } from '../world/model.ts'

/** What a device must show of a collection again. */
type Expected = {
  readonly device: SimulatedDevice
  readonly collection: Judged['collection']
  readonly pictures: readonly string[]
}

const roundMs = 4000
const mostRounds = 20

/** I1 once more: who reads everything from the relay anew, with bodies that are gone from snapshots, sees the same. */
export const checkNewcomers = async (world: World, judged: readonly Judged[]): Promise<void> => {
  const expected: Expected[] = []
  for (const { collection, members } of judged) {
    const device = chooseDevice(world, { collection, members }, expected)
    if (device !== undefined) expected.push({ device, collection, pictures: picturesOf(device, collection) })
  }
  for (const { device } of expected) await device.startAnew()
  let wrong = expected.find((each) => differenceOf(each) !== undefined)
  for (let round = 0; round < mostRounds && wrong !== undefined && world.faults.length === 0; round += 1) {
    await world.schedule.run(roundMs)
    wrong = expected.find((each) => differenceOf(each) !== undefined)
  }
  requireThat(world.faults.length === 0, 'I7', world.faults[0] ?? '')
  if (wrong !== undefined) requireThat(false, 'I1', differenceOf(wrong) ?? '')
}

/** Each device once. */
const chooseDevice = (
  { choices }: World,
  { collection, members }: Pick<Judged, 'collection' | 'members'>,
  chosen: readonly Expected[],
): SimulatedDevice | undefined => {
  const free = members.filter(
    (device) => device.replica().status(collection.id)!.waiting === 0 && !chosen.some((each) => each.device === device),
  )
  return free.length === 0 ? undefined : choices.pick(free)
}

const picturesOf = (device: SimulatedDevice, { id }: Judged['collection']): readonly string[] =>
  documentNames.map((document) => pictureOf(device.replica(), id, document))

const differenceOf = ({ device, collection, pictures }: Expected): string | undefined => {
  const status = device.replica().status(collection.id)
  const where = `${device.name} in ${collection.name}, when it reads everything anew,`
  if (status?.isBodyMissing === true) return `${where} misses a body`
  const now = picturesOf(device, collection)
  return now.join() === pictures.join() ? undefined : `${where} shows ${now.join()} and not ${pictures.join()}`
}
