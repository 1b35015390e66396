import { useLater } from '../state/use-later.ts'

const load = () => import('../devices/devices-button.tsx')
const loadLine = () => import('../devices/elsewhere-line.tsx')

/** The button of the devices; its code is loaded after the first paint. */
export const DevicesSlot = () => {
  const part = useLater(load)
  return part === undefined ? undefined : <part.DevicesButton />
}

/** On a phone: which other device plays. Its code is loaded after the first paint. */
export const ElsewhereSlot = () => {
  const part = useLater(loadLine)
  return part === undefined ? undefined : <part.ElsewhereLine />
}
