import { useEffect } from 'react'
import type { KnownDevice } from '../../engine/devices/devices.ts'
import { useServices } from '../state/services-context.tsx'
import { useDevicesView } from './devices-panel.tsx'

/** Loads the devices when the account has several. The device that plays in the place of this one, if one does. */
export const useDevicesAtStart = (): KnownDevice | undefined => {
  const { devices, log } = useServices()
  const view = useDevicesView()
  useEffect(() => {
    const onFailure = log.child('ui').failed('it was not read whether there are other devices')
    void devices.isWanted().then((isWanted) => isWanted === true && devices.load(), onFailure)
  }, [devices, log])
  return view.kind === 'ready' ? view.controlled : undefined
}
