import { entryIdOf, keyOf, type EditStep } from './edit-steps.ts'
import type { FromDevice, ToDevice } from './edit-messages.ts'

/** A shared list as one device has it. */
export type SharedList = {
  /** How another device finds it. */
  readonly document: string
  readonly apply: (step: EditStep) => unknown
  /** Adds entries with these ids at the end. Resolves when the server has them, as far as this can be known. */
  readonly fill: (ids: readonly string[]) => Promise<unknown>
  /** Calls the listener with the ids of the shown entries now, and after every change, also of others. */
  readonly onShown: (listener: (ids: Iterable<string>) => void) => void
}

const now = (): number => performance.timeOrigin + performance.now()

/** The whole process of a device: it opens the list, and then does what the benchmark says. */
export const serveDevice = async (open: () => Promise<SharedList>): Promise<void> => {
  const say = (message: FromDevice): void => void process.send?.(message)
  say({ kind: 'opening', at: now() })
  const list = await open()
  let shown = new Set<string>()
  list.onShown((ids) => {
    const at = now()
    const next = new Set(ids)
    const [added, removed] = [[...next.difference(shown)], [...shown.difference(next)]]
    shown = next
    if (added.length + removed.length > 0) say({ kind: 'shown', added, removed, total: shown.size, at })
  })
  process.on('message', (message: ToDevice) => {
    if (message.kind === 'fill') {
      const ids = Array.from({ length: message.count }, (_, number) => entryIdOf(number))
      void list.fill(ids).then(() => say({ kind: 'filled' }))
      return
    }
    const { step } = message
    say({ kind: 'began', step: keyOf(step.kind, step.id), at: now() })
    void Promise.resolve(list.apply(step)).catch((cause: unknown) => {
      throw new Error('an edit failed', { cause })
    })
  })
  // The benchmark ended.
  process.on('disconnect', () => process.exit())
  say({ kind: 'ready', document: list.document })
}
