import type { FromDevice, ToDevice } from './edit-messages.ts'
import type { OpenList } from './edit-peers.ts'
import { keyOf, type EditStep } from './edit-steps.ts'

/** A step that is not shown in this time has been lost. */
const shownLimitMs = 20_000

/** What the edits took. `bytes`: between both devices and the server, in both directions, for each edit. */
export type EditFigures = { readonly ms: readonly number[]; readonly bytes: number }

/** Milliseconds from the beginning of each step on one device until another one shows it. `everyMs`: between two steps. */
export const measureEdits = async (
  list: OpenList,
  steps: readonly EditStep[],
  everyMs: number,
): Promise<EditFigures> => {
  const { writer } = list
  const [began, shown] = [new Map<string, number>(), new Map<string, number>()]
  writer.on('message', (message: FromDevice) => {
    if (message.kind === 'began') began.set(message.step, message.at)
  })
  await list.join((message) => {
    if (message.kind !== 'shown') return
    for (const id of message.added) shown.set(keyOf('insert', id), message.at)
    for (const id of message.removed) shown.set(keyOf('remove', id), message.at)
  })
  const before = list.bytes()
  for (const step of steps) {
    writer.send({ kind: 'step', step } satisfies ToDevice)
    await pause(everyMs)
  }
  const last = steps.at(-1)
  for (let waited = 0; last !== undefined && !shown.has(keyOf(last.kind, last.id)); waited += 100) {
    if (waited > shownLimitMs) throw new Error(`${steps.length - shown.size} edits of ${steps.length} were not shown`)
    await pause(100)
  }
  return { ms: durationsOf(steps, began, shown), bytes: (list.bytes() - before) / steps.length }
}

/** Edits of one writer arrive in order. An entry that was added and removed between two changes of the other list was shown with the later of them. */
const durationsOf = (
  steps: readonly EditStep[],
  began: ReadonlyMap<string, number>,
  shown: ReadonlyMap<string, number>,
): number[] => {
  let latest = Infinity
  return steps
    .toReversed()
    .map(({ kind, id }) => {
      latest = Math.min(latest, shown.get(keyOf(kind, id)) ?? Infinity)
      return latest - (began.get(keyOf(kind, id)) ?? Number.NaN)
    })
    .toReversed()
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
