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

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `3 March 2026`, in the time zone of this device. */
export const formatDay = (unixMs: number): string =>
  new Date(unixMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** `14:02` today, `27 Nov, 14:02` on another day, in the time zone of this device. */
export const formatMoment = (unixMs: number, nowMs: number): string => {
  const [moment, now] = [new Date(unixMs), new Date(nowMs)]
  const time = moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const isToday = moment.toDateString() === now.toDateString()
  return isToday ? time : `${moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`
}

/** `just now`, `5 minutes ago`, `yesterday`, `12 days ago`; from a month on the day. A time in the future, by another clock, counts as now. */
export const formatAgo = (unixMs: number, nowMs: number): string => {
  const minutes = Math.floor((nowMs - unixMs) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return ago.format(-minutes, 'minute')
  if (minutes < 24 * 60) return ago.format(-Math.floor(minutes / 60), 'hour')
  const days = Math.floor(minutes / (24 * 60))
  return days < 31 ? ago.format(-days, 'day') : `on ${formatDay(unixMs)}`
}

/** `1 track`, `12 tracks`. `units`: where it is not the unit with an s. */
export const counted = (count: number, unit: string, units = `${unit}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? unit : units}`

/** `3.2 GB`. */
export const formatBytes = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** step
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step] ?? ''}`
}
