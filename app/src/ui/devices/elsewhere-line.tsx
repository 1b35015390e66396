import { MonitorSpeaker } from 'lucide-react'
import { useState } from 'react'
import { Icon } from '../controls/icon.tsx'
import { DevicesPanel } from './devices-panel.tsx'
import { useDevicesAtStart } from './use-devices-at-start.ts'
import css from './devices.module.css'

/** On a phone, above the player: which other device plays. It opens the devices. */
export const ElsewhereLine = () => {
  const [isOpen, setOpen] = useState(false)
  const elsewhere = useDevicesAtStart()
  return (
    <div role="status" aria-label="Where it plays">
      {elsewhere === undefined ? undefined : (
        <button type="button" className={css['line']} aria-haspopup="dialog" onClick={() => setOpen(true)}>
          <Icon of={MonitorSpeaker} size={16} />
          <span className={css['name']}>
            {elsewhere.report?.state === 'playing' ? 'Playing on ' : 'On '}
            <bdi>{elsewhere.name}</bdi>
          </span>
        </button>
      )}
      {isOpen ? <DevicesPanel onClose={() => setOpen(false)} /> : undefined}
    </div>
  )
}
