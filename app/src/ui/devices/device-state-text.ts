import type { KnownDevice } from '../../engine/devices/devices.ts'

/** What a device does, in a few words. A device that is away may be asleep or cut off: nobody can tell which. */
export const deviceStateText = ({ reach, report, isHolder }: KnownDevice): string => {
  const title = report?.title
  if (reach === 'away') return title === undefined ? 'Asleep or cut off' : `Asleep or cut off. Last: “${title}”`
  if (title === undefined || !isHolder) return 'Ready'
  return report?.state === 'playing' || report?.state === 'loading' ? `Plays “${title}”` : `Paused: “${title}”`
}
