import { honestActions, type Action } from './actions/honest-actions.ts'
import { hostileActions } from './actions/hostile-actions.ts'
import { lies } from './actions/lies.ts'
import { rehoming } from './actions/rehoming.ts'
import { heal } from './actions/reconnect-all.ts'
import { checkInvariants, type AuditLog } from './checks/invariants.ts'
import { setUpWorld, textOf } from './world/world.ts'
import { Violation } from './checks/violation.ts'
import type { World } from './world/model.ts'

export type SeedRun = {
  readonly seed: number
  /** Of everything that can be seen at the end; of a failure, its text. */
  readonly hash: string
  readonly failure: { readonly invariant: string; readonly message: string; readonly step: number } | undefined
  readonly counts: ReadonlyMap<string, number>
  readonly events: number
}

export type SeedOptions = {
  readonly seed: number
  readonly steps: number
  readonly subtle: SubtleCrypto
  readonly auditLog: AuditLog
}

/** One history from its beginning to its judgement. The same seed gives the same hash. */
export const runSeed = async ({ seed, steps, subtle, auditLog }: SeedOptions): Promise<SeedRun> => {
  let [world, step]: [World | undefined, number] = [undefined, 0]
  const result = (hash: string, failure: SeedRun['failure']): SeedRun => ({
    seed,
    hash,
    failure,
    counts: world?.counts ?? new Map(),
    events: world?.schedule.events() ?? 0,
  })
  try {
    world = await setUpWorld(seed, subtle)
    const actions = actionsOf(world)
    for (step = 1; step <= steps; step += 1) {
      await choose(world, actions)(world)
      await world.schedule.run(world.choices.roll() * 350)
      if (world.faults.length > 0) throw new Violation('I7', world.faults[0]!)
    }
    await heal(world)
    return result(await checkInvariants(world, auditLog), undefined)
  } catch (cause) {
    const invariant = cause instanceof Violation ? cause.invariant : 'fault'
    const message = cause instanceof Violation ? cause.message : textOf(cause)
    return result(message, { invariant, message, step })
  } finally {
    for (const device of world?.devices.values() ?? []) await device.replica().close()
  }
}

/** A relay that lies in 22 of 100 histories, one that is lost in 12 of 100. */
const actionsOf = (world: World): readonly Action[] => {
  const roll = world.choices.roll()
  const special = roll < 0.22 ? lies : roll < 0.34 ? rehoming : []
  return [...honestActions, ...hostileActions, ...special]
}

const choose = (world: World, actions: readonly Action[]): Action[1] => {
  const total = actions.reduce((sum, [weight]) => sum + weight, 0)
  let left = world.choices.roll() * total
  for (const [weight, act] of actions) {
    left -= weight
    if (left < 0) return act
  }
  return actions[0]![1]
}
