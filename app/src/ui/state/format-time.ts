const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`

const parts = (ms: number) => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return { hours: Math.floor(seconds / 3600), minutes: Math.floor((seconds % 3600) / 60), seconds: seconds % 60 }
}

/** `4:03`, `1:02:03`: for clocks and columns. */
export const formatClock = (ms: number): string => {
  const { hours, minutes, seconds } = parts(ms)
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** `4 minutes 3`: for screen readers. After minutes, the seconds have no unit, as people say it. */
export const spokenTime = (ms: number): string => {
  const { hours, minutes, seconds } = parts(ms)
  if (hours > 0) return `${plural(hours, 'hour')} ${plural(minutes, 'minute')}`
  if (minutes === 0) return plural(seconds, 'second')
  return seconds === 0 ? plural(minutes, 'minute') : `${plural(minutes, 'minute')} ${seconds}`
}

/** `43 min`, `2 h 5 min`: for releases. */
export const formatLength = (ms: number): string => {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 track`, `12 tracks`. */
export const counted = (count: number, unit: string): string =>
  `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`

/** `3.2 GB`. */
export const formatBytes = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** step
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step] ?? ''}`
}
