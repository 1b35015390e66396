import { CloudAlert, CloudCheck, CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { SyncStatus } from '../../engine/documents/documents.ts'
import { Icon } from '../controls/icon.tsx'
import { classNames } from '../state/class-names.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { syncText, type SyncText } from '../state/sync-text.ts'
import css from './sync-indicator.module.css'

const icons = { good: CloudCheck, quiet: CloudOff, bad: CloudAlert } as const

/** A change that is sent at once is no news: a reader would hear of every click twice. */
const calmMs = 1_500

/** The words for the sync status of the account. */
export const useSyncText = (): SyncText => {
  const { documents, account } = useServices()
  const status = useCalmStatus(useReadable(documents.status()))
  const view = useReadable(account.view)
  return syncText(status, { nowMs: Date.now(), isKnown: view.kind === 'ready' && view.rights.length > 0 })
}

/** Whether everything is synced, in a few words; the sentence is in its tooltip and on the settings page. `isIcon`: the words are for screen readers only. */
export const SyncIndicator = ({ isIcon = false, className }: { isIcon?: boolean; className?: string | undefined }) => {
  const { tone, short, long } = useSyncText()
  return (
    <div
      role="status"
      aria-label="Sync status"
      className={classNames(css['indicator'], css[tone], isIcon && css['icon'], className)}
      title={isIcon ? `${short}. ${long}` : long}
    >
      <Icon of={icons[tone]} size={18} />
      <span className={css['text']}>{short}</span>
    </div>
  )
}

/** The status, without the moment in which a change is on its way. */
const useCalmStatus = (status: SyncStatus): SyncStatus => {
  const [calm, setCalm] = useState(status)
  const isMoment = status.kind === 'waiting' && status.isConnected
  useEffect(() => {
    const timer = setTimeout(() => setCalm(status), isMoment ? calmMs : 0)
    return () => clearTimeout(timer)
  }, [status, isMoment])
  return calm
}
