import { MonitorSpeaker } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../controls/icon-button.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { DevicesPanel } from './devices-panel.tsx'
import { useDevicesAtStart } from './use-devices-at-start.ts'
import hidden from '../controls/visually-hidden.module.css'
import css from './devices.module.css'

/** Opens the devices of the account. While another device plays, its name stands beside the button. */
export const DevicesButton = () => {
  const { devices } = useServices()
  const loaded = useReadable(devices.loaded)
  const [isOpen, setOpen] = useState(false)
  const elsewhere = useDevicesAtStart()
  return (
    <div className={css['where']}>
      <span role="status" aria-label="Where it plays" className={css['name']}>
        {elsewhere === undefined ? undefined : (
          <>
            <span className={hidden['visuallyHidden']}>
              {elsewhere.report?.state === 'playing' ? 'Playing on ' : 'On '}
            </span>
            <bdi>{elsewhere.name}</bdi>
          </>
        )}
      </span>
      <IconButton
        label="Devices"
        icon={MonitorSpeaker}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        className={elsewhere === undefined ? undefined : css['elsewhere']}
        onClick={() => {
          devices.load()
          loaded?.look()
          setOpen(true)
        }}
      />
      {isOpen ? <DevicesPanel onClose={() => setOpen(false)} /> : undefined}
    </div>
  )
}
