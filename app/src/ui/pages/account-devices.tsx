import { useEffect, useRef, useState } from 'react'
import type { AccountDevice } from '../../engine/account/account.ts'
import { accountPartName, devicesValue, loggedDevicesSchema } from '../../engine/account/account-questions.ts'
import { cureOfProblem, mayTryAgain } from '../../engine/failures/failure-table.ts'
import type { Answer } from '../../engine/server/answer.ts'
import { DeviceActions } from '../account/device-actions.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Notice } from '../controls/notice.tsx'
import { SkeletonBlock } from '../controls/skeleton.tsx'
import { formatAgo, formatDay } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { useAnswer } from '../state/use-answer.ts'
import css from './account-devices.module.css'

type Failure = Exclude<Answer<never>, { kind: 'ready' }>
/** A device that the server has seen, or one that stands in the log of the account and was not here yet. */
type ListedDevice = Pick<AccountDevice, 'id' | 'name' | 'isThis'> & Partial<AccountDevice>

/** The devices of the account, with a way to remove each other one. */
export const AccountDevices = () => {
  const { account } = useServices()
  const { answer, retry } = useAnswer('devices', (signal) => account.devices(signal))
  return (
    <>
      {answer.kind === 'loading' ? (
        <DeviceSkeletons />
      ) : answer.kind === 'ready' ? (
        <DeviceList seen={answer.value} />
      ) : (
        <DevicesFailed failure={answer} onRetry={retry} />
      )}
      <DeviceActions onAdded={retry} />
    </>
  )
}

/** Those of the server first. A device that was just added is in the log before the server sees it. */
const useListed = (seen: readonly AccountDevice[]): readonly ListedDevice[] => {
  const { documents } = useServices()
  const logged = loggedDevicesSchema.safeParse(useReadable(documents.value(accountPartName, devicesValue))).data ?? []
  const others = logged.filter(({ id }) => !seen.some((device) => device.id === id))
  return [...seen, ...others.map((device) => ({ ...device, isThis: false }))]
}

const DeviceList = ({ seen }: { seen: readonly AccountDevice[] }) => {
  const devices = useListed(seen)
  const [nowMs] = useState(() => Date.now())
  const [asked, setAsked] = useState<ListedDevice>()
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<HTMLUListElement>(null)
  const shown = devices.filter(({ id }) => !removed.has(id))
  // The button that had the focus is gone with its row.
  useEffect(() => {
    if (removed.size > 0) list.current?.focus()
  }, [removed])
  return (
    <>
      <ul ref={list} tabIndex={-1} className={css['devices']} aria-label="Devices of this account">
        {shown.map((device) => (
          <DeviceRow key={device.id} device={device} nowMs={nowMs} onRemove={() => setAsked(device)} />
        ))}
      </ul>
      {shown.length === 1 ? <p className={css['line']}>No other device uses this account.</p> : undefined}
      {asked === undefined ? undefined : (
        <RemoveDialog
          device={asked}
          onRemoved={() => setRemoved(new Set([...removed, asked.id]))}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}

type DeviceRowProps = { device: ListedDevice; nowMs: number; onRemove: () => void }

const DeviceRow = ({ device, nowMs, onRemove }: DeviceRowProps) => (
  <li className={css['device']}>
    <div className={css['words']}>
      <p className={css['name']}>
        <bdi>{device.name}</bdi>
        {device.isThis ? <span className={css['this']}>This device</span> : undefined}
      </p>
      <p className={css['line']}>
        {device.seenAt === undefined ? 'Not seen here yet' : seenText(device, device.seenAt, nowMs)}
      </p>
    </div>
    {device.isThis ? undefined : (
      <Button onClick={onRemove} aria-label={`Remove ${device.name}`}>
        Remove
      </Button>
    )}
  </li>
)

const seenText = ({ isThis, registeredAt }: ListedDevice, seenAt: number, nowMs: number): string => {
  const added = registeredAt === undefined ? '' : formatDay(registeredAt)
  return isThis ? `Added ${added}` : `Last seen ${formatAgo(seenAt, nowMs)} · added ${added}`
}

type RemoveDialogProps = { device: ListedDevice; onRemoved: () => void; onClose: () => void }

const RemoveDialog = ({ device, onRemoved, onClose }: RemoveDialogProps) => {
  const { loadMembership, log } = useServices()
  const { toasts } = useUiState()
  const [isWaiting, setWaiting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const remove = async () => {
    setWaiting(true)
    const answer = await (await loadMembership()).removeDevice(device.id)
    setWaiting(false)
    if (answer.kind !== 'ready') return void setFailure(answer)
    toasts.show(
      answer.value === 'removed'
        ? `Removed ${device.name}.`
        : `Removed ${device.name} from this server. Its key for your library changes when the relay answers: try again later.`,
    )
    onRemoved()
    onClose()
  }
  return (
    <Dialog label={`Remove ${device.name}`} shape="center" onClose={onClose}>
      <div className={css['dialog']}>
        <h2 className={css['question']}>
          Remove <bdi>{device.name}</bdi>?
        </h2>
        <ul className={css['meaning']}>
          <li>It is signed out at once and for ever. To use this account there again, it has to be added anew.</li>
          <li>It gets no more music from this server, and links that it made for other players end.</li>
          <li>What it has kept can be played there until its permission ends, at most 30 days from now.</li>
        </ul>
        {failure === undefined ? undefined : (
          <Notice tone="bad" title={failure.kind === 'offline' ? 'The server does not answer' : failure.title}>
            The device was not removed. {failure.kind === 'offline' ? 'Try again.' : cureOfProblem(failure.code)}
          </Notice>
        )}
        <div className={css['actions']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            disabled={isWaiting}
            onClick={() => void remove().catch(log.failed('the device was not removed'))}
          >
            Remove
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

const DevicesFailed = ({ failure, onRetry }: { failure: Failure; onRetry: () => void }) => {
  const isOffline = failure.kind === 'offline'
  return (
    <Notice
      tone={isOffline ? 'info' : 'bad'}
      title={isOffline ? 'The devices cannot be shown without the server' : failure.title}
      actions={isOffline || mayTryAgain(failure.code) ? <Button onClick={onRetry}>Try again</Button> : undefined}
    >
      {isOffline ? undefined : cureOfProblem(failure.code, failure.detail)}
    </Notice>
  )
}

const DeviceSkeletons = () => (
  <div className={css['devices']} aria-busy="true">
    {[0, 1].map((index) => (
      <div key={index} className={css['device']}>
        <div className={css['words']}>
          <SkeletonBlock width="160px" height="15px" />
          <SkeletonBlock width="240px" height="13px" />
        </div>
      </div>
    ))}
  </div>
)
