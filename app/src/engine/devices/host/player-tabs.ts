import { toBase32 } from '@tonestead/protocol/bytes'
import type { DevicesQuestion, TakeAnswer } from '../messages/tab-messages.ts'
import { devicesViewKey } from '../messages/tab-messages.ts'
import { isPlaying, type PlayerReport } from '../messages/player-report.ts'
import type { DevicesContext } from './devices-context.ts'
import { dispatch, giveOrder, sayWhatIsDue } from './run-token.ts'

/** A tab that plays reports every 5 s; one that is not heard for this long is gone. */
const goneAfterMs = 20_000

/** [DV3] The tabs of a device are one player: the last one that began to play. The one before pauses. */
export const reportTab = (
  context: DevicesContext,
  { tab, report }: Extract<DevicesQuestion, { kind: 'report' }>,
): object => {
  const { tabs, activeTab, clock, model } = context
  const playing = isPlaying(report)
  const active = activeTab === undefined ? undefined : tabs.get(activeTab)
  tabs.set(tab, { report, atMs: clock.elapsedMs() })
  if (playing || activeTab === undefined) makeActive(context, tab, active?.report)
  if (context.activeTab !== tab) return {}
  context.isDirty = true
  if (playing && model.sound === 'silent') dispatch(context, { kind: 'sounds', id: newId(context) })
  else if (!playing && model.sound !== 'silent') dispatch(context, { kind: 'silent' })
  else dispatch(context, { kind: 'tick' })
  sayWhatIsDue(context)
  for (const listener of context.listeners) listener(devicesViewKey)
  return {}
}

const newId = ({ random }: DevicesContext): string => toBase32(random.bytes(16))

const makeActive = (context: DevicesContext, tab: string, before: PlayerReport | undefined): void => {
  const { activeTab } = context
  context.activeTab = tab
  if (activeTab !== undefined && activeTab !== tab && before !== undefined && isPlaying(before))
    giveOrder(context, activeTab, { action: { kind: 'yield' } })
}

/** Asks for the token. The answer comes when this device may sound, or when another wish came after this one. */
export const takeFor = (
  context: DevicesContext,
  { tab, id }: Extract<DevicesQuestion, { kind: 'take' }>,
): Promise<TakeAnswer> =>
  new Promise((answer) => {
    const { activeTab, tabs } = context
    for (const take of context.takes) if (take.id !== id) take.answer({ kind: 'withdrawn' })
    context.takes = [...context.takes.filter((take) => take.id === id), { id, tab, answer }]
    makeActive(context, tab, activeTab === undefined ? undefined : tabs.get(activeTab)?.report)
    dispatch(context, { kind: 'want', id })
  })

export const forgetTab = (context: DevicesContext, tab: string): object => {
  context.tabs.delete(tab)
  if (context.activeTab !== tab) return {}
  context.activeTab = [...context.tabs.keys()].at(-1)
  context.isDirty = true
  if (context.model.sound !== 'silent') dispatch(context, { kind: 'silent' })
  else dispatch(context, { kind: 'tick' })
  return {}
}

export const dropSilentTabs = (context: DevicesContext): void => {
  const nowMs = context.clock.elapsedMs()
  for (const [tab, { report, atMs }] of context.tabs)
    if (isPlaying(report) && nowMs - atMs > goneAfterMs) forgetTab(context, tab)
  sayWhatIsDue(context)
}
