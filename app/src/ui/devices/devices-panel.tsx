import { MonitorSpeaker, Volume2, WifiOff, X } from 'lucide-react'
import type { DevicesView, KnownDevice } from '../../engine/devices/devices.ts'
import type { Readable } from '../../engine/readable.ts'
import { Dialog } from '../controls/dialog.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { deviceStateText } from './device-state-text.ts'
import css from './devices.module.css'

const nothing: DevicesView = { kind: 'starting' }
const starting: Readable<DevicesView> = { get: () => nothing, subscribe: () => () => undefined }

/** The devices as far as they are known. */
export const useDevicesView = (): DevicesView => {
  const loaded = useReadable(useServices().devices.loaded)
  return useReadable(loaded?.view ?? starting)
}

/** The devices of the account: which one plays, and where playback can go. */
export const DevicesPanel = ({ onClose }: { onClose: () => void }) => {
  const view = useDevicesView()
  const shown = view.kind === 'ready' ? view.devices : []
  return (
    <Dialog label="Devices" shape="side" onClose={onClose}>
      <div className={css['panel']}>
        <div className={css['head']}>
          <h2 className={css['heading']}>Devices</h2>
          <IconButton label="Close devices" icon={X} onClick={onClose} />
        </div>
        <p className={css['note']}>{noteOf(view)}</p>
        <ul className={css['list']}>
          {shown.map((device) => (
            <li key={device.id}>
              <DeviceRow device={device} onChosen={onClose} />
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  )
}

const noteOf = (view: DevicesView): string => {
  if (view.kind === 'starting') return 'Looking for your devices…'
  if (!view.isOnline) return 'This device is not connected. Others appear here when it is.'
  return view.devices.length < 2
    ? 'This is your only device. When you add another one to your account, each can control what the other plays.'
    : 'Choose where the music plays.'
}

const DeviceRow = ({ device, onChosen }: { device: KnownDevice; onChosen: () => void }) => {
  const devices = useReadable(useServices().devices.loaded)
  const { id, name, isSelf, isHolder, reach, report } = device
  const isOn = isHolder && reach !== 'away' && report?.state === 'playing'
  const isDisabled = reach === 'away' || isHolder
  return (
    <button
      type="button"
      className={css['row']}
      aria-label={`Play on ${name}`}
      aria-describedby={`${id}-state`}
      aria-current={isHolder ? 'true' : undefined}
      aria-disabled={isDisabled ? true : undefined}
      data-reach={reach}
      onClick={() => {
        if (isDisabled) return
        devices?.playOn(id)
        onChosen()
      }}
    >
      <Icon of={reach === 'away' ? WifiOff : isOn ? Volume2 : MonitorSpeaker} size={22} />
      <span className={css['words']}>
        <span className={css['title']}>
          <bdi>{name}</bdi>
          {isSelf ? <span className={css['self']}> This device</span> : undefined}
        </span>
        <span id={`${id}-state`} className={css['state']}>
          {deviceStateText(device)}
        </span>
      </span>
    </button>
  )
}
