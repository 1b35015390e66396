import { MonitorSpeaker } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from '../controls/icon-button.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { DevicesPanel, useDevicesView } from './devices-panel.tsx'
import hidden from '../controls/visually-hidden.module.css'
import css from './devices.module.css'

/** Opens the devices of the account. While another device plays, its name stands beside the button. */
export const DevicesButton = () => {
  const { devices, log } = useServices()
  const view = useDevicesView()
  const loaded = useReadable(devices.loaded)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onFailure = log.child('ui').failed('it was not read whether there are other devices')
    void devices.isWanted().then((isWanted) => isWanted === true && devices.load(), onFailure)
  }, [devices, log])
  const elsewhere = view.kind === 'ready' ? view.controlled : undefined
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
