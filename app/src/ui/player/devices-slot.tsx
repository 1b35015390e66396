import { useLater } from '../state/use-later.ts'

const load = () => import('../devices/devices-button.tsx')

/** The button of the devices; its code is loaded after the first paint. */
export const DevicesSlot = () => {
  const part = useLater(load)
  return part === undefined ? undefined : <part.DevicesButton />
}
