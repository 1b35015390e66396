import type { Cell } from '../cell.ts'
import { switched } from '../derived.ts'
import type { Player } from '../playback/player.ts'

type Commands = Record<string, (...given: unknown[]) => unknown>

/** The player that `target` holds at the time. Small, as it is there before the code of the devices. */
export const createFollowingPlayer = (target: Cell<Player>): Player => {
  const commands = Object.keys(target.get()).map((name) => [
    name,
    (...given: unknown[]) => (target.get() as unknown as Commands)[name]?.(...given),
  ])
  return { ...(Object.fromEntries(commands) as Player), view: switched(target, ({ view }) => view) }
}
