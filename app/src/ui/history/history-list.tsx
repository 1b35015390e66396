import { History as HistoryIcon } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { HistoryChange, HistoryPlay, HistoryView } from '../../engine/listening/history.ts'
import { AppLink } from '../controls/app-link.tsx'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { RowSkeletons } from '../controls/skeleton.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { ReferenceTracks } from '../saved/reference-tracks.tsx'
import { dayOf } from './day-of.ts'
import { historyFaultText } from './history-fault-text.ts'
import page from '../layout/page.module.css'
import css from './history-list.module.css'

/** Plays that are drawn at first, and more at each press. */
const playsAtOnce = 200

/** What was played on all devices, by day. */
export const HistoryList = () => {
  const { history, settings } = useServices()
  const [months, setMonths] = useState(1)
  const view = useReadable(history.view(months))
  const { keepsHistory } = useReadable(settings.view)
  if (view.kind === 'loading') return <RowSkeletons count={12} />
  if (view.kind === 'unavailable')
    return (
      <EmptyState picture={<Icon of={HistoryIcon} size={40} />} title="The history cannot be shown here">
        {historyFaultText(view.reason)}
      </EmptyState>
    )
  if (view.plays.length === 0 && view.isComplete && !view.hasEarlier)
    return <NothingPlayed keepsHistory={keepsHistory} />
  return <OpenHistory view={view} keepsHistory={keepsHistory} onEarlier={() => setMonths(months + 1)} />
}

type OpenHistoryProps = {
  view: Extract<HistoryView, { kind: 'open' }>
  keepsHistory: boolean
  onEarlier: () => void
}

const OpenHistory = ({ view: { plays, hasEarlier }, keepsHistory, onEarlier }: OpenHistoryProps) => {
  const [most, setMost] = useState(playsAtOnce)
  const clear = useClear()
  const shown = plays.slice(0, most)
  const references = useMemo(() => plays.slice(0, most).map(({ track }) => track), [plays, most])
  const showMore = () => {
    if (shown.length === plays.length) onEarlier()
    setMost(most + playsAtOnce)
  }
  return (
    <>
      <div className={css['bar']}>
        <p className={page['muted']}>
          {keepsHistory ? 'Only your devices can read it.' : 'New plays are not kept: the history is switched off.'}{' '}
          <AppLink href="/settings" className={css['link']}>
            Settings
          </AppLink>
        </p>
        <Button onClick={clear}>Clear history</Button>
      </div>
      <ReferenceTracks label="Played tracks" references={references} headingBefore={(row) => headingOf(shown, row)} />
      {shown.length < plays.length || hasEarlier ? (
        <div className={css['more']}>
          <Button onClick={showMore}>Show earlier</Button>
        </div>
      ) : undefined}
    </>
  )
}

const headingOf = (plays: readonly HistoryPlay[], row: number): string | undefined => {
  const day = dayOf(plays[row]?.startedAt ?? 0, Date.now())
  return row > 0 && dayOf(plays[row - 1]?.startedAt ?? 0, Date.now()) === day ? undefined : day
}

/** Clears at once; the message takes it back. */
const useClear = (): (() => void) => {
  const { history, log } = useServices()
  const { toasts } = useUiState()
  const failed = log.child('ui').failed('the history was not cleared')
  const tell = (change: HistoryChange, text?: string): void => {
    if (change.kind === 'not-changed') toasts.show(historyFaultText(change.reason))
    else if (change.kind === 'changed' && text !== undefined)
      toasts.show(
        text,
        () =>
          void change
            .undo()
            .then((undone) => tell(undone))
            .catch(failed),
      )
  }
  return () =>
    void history
      .clear(new AbortController().signal)
      .then((change) => tell(change, 'The history is cleared, on all your devices.'))
      .catch(failed)
}

const NothingPlayed = ({ keepsHistory }: { keepsHistory: boolean }) => (
  <EmptyState
    picture={<Icon of={HistoryIcon} size={40} />}
    title={keepsHistory ? 'Nothing played yet' : 'The history is switched off'}
    actions={
      keepsHistory ? undefined : (
        <AppLink href="/settings" className={page['all']}>
          Go to the settings
        </AppLink>
      )
    }
  >
    {keepsHistory
      ? 'What you listen to for half a minute appears here, from all your devices. No server can read it.'
      : 'What you listen to is not kept.'}
  </EmptyState>
)
