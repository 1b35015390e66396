import { formatDay } from '../state/format-time.ts'

const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long' })

/** `Today`, `Yesterday`, `Monday, 3 March 2026`: the day of an instant, in the time zone of this device. */
export const dayOf = (unixMs: number, nowMs: number): string => {
  const day = formatDay(unixMs)
  if (day === formatDay(nowMs)) return 'Today'
  const yesterday = new Date(nowMs)
  yesterday.setDate(yesterday.getDate() - 1)
  return day === formatDay(yesterday.getTime()) ? 'Yesterday' : `${dayFormat.format(unixMs)}, ${day}`
}
