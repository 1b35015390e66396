import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { Notice } from '../controls/notice.tsx'
import { WifiOff } from 'lucide-react'
import css from './page-notices.module.css'

/** Notices for every page: no network, a browser that cannot store keys, a device that was removed, the result of a claim link. */
export const PageNotices = () => {
  const { account, isOnline, shell } = useServices()
  const { notice } = useUiState()
  const view = useReadable(account.view)
  const online = useReadable(isOnline)
  const worker = useReadable(shell)
  const claimNotice = useReadable(notice)
  const notices = [
    claimNotice === undefined ? undefined : (
      <Notice key="claim" tone={claimNotice.tone} title={claimNotice.text} onDismiss={() => notice.set(undefined)} />
    ),
    view.kind === 'unavailable' ? <UnavailableNotice key="unavailable" reason={view.reason} /> : undefined,
    view.kind === 'ready' && view.isRemoved ? <RemovedNotice key="removed" /> : undefined,
    view.kind !== 'unavailable' && worker === 'unavailable' ? <WorkerNotice key="worker" /> : undefined,
    online ? undefined : (
      <Notice key="offline" tone="info" icon={WifiOff} title="You are offline">
        What is kept on this device still plays. Everything else comes back with the connection.
      </Notice>
    ),
  ].filter((one) => one !== undefined)
  return notices.length === 0 ? undefined : <div className={css['notices']}>{notices}</div>
}

const UnavailableNotice = ({ reason }: { reason: 'insecure-context' | 'storage-refused' | 'crypto-missing' }) => {
  switch (reason) {
    case 'insecure-context':
      return (
        <Notice tone="bad" title="This address is not secure, so nothing can play here">
          Browsers allow the keys and the storage that Tonestead needs only over HTTPS or on this very computer. Any of
          these cures it:
          <ul>
            <li>
              On the computer that runs the server, open <code>http://localhost:{location.port || '80'}</code>.
            </li>
            <li>
              From elsewhere, open an <code>https://</code> address: start the server with <code>--tls-cert</code> and{' '}
              <code>--tls-key</code>, or put a proxy with a certificate before it and give <code>--public-url</code>.
            </li>
          </ul>
        </Notice>
      )
    case 'storage-refused':
      return (
        <Notice tone="bad" title="This browser does not let Tonestead keep anything">
          Your keys and music are kept on this device. Allow site data for this address, or leave the private window,
          then load the page again.
        </Notice>
      )
    case 'crypto-missing':
      return (
        <Notice tone="bad" title="This browser is too old to make keys">
          Tonestead needs Ed25519 and AES from the browser. Update it, or use a current Firefox, Chrome, Edge or Safari.
        </Notice>
      )
  }
}

const RemovedNotice = () => (
  <Notice tone="bad" title="This device was removed from its account">
    Another device of the account removed it, so the server refuses it from now on. What is kept on this device plays
    until its permission ends. To add it again, open Settings and choose “Use my account from another device”.
  </Notice>
)

const WorkerNotice = () => (
  <Notice tone="bad" title="Playback cannot start in this browser">
    The part that decrypts music (a service worker) was refused. Leave the private window, or allow site data for this
    address, then load the page again.
  </Notice>
)
