/** In the order of precedence: Edge also names Chrome, Android also names Linux. */
const browsers = [
  ['Edg/', 'Edge'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const systems = ['Android', 'iPhone', 'iPad', 'Mac OS X', 'Windows', 'Linux']

/** The name of this device in the list of devices, from the user agent: "Chrome on Android". */
export const deviceNameOf = (userAgent: string): string => {
  const browser = browsers.find(([mark]) => userAgent.includes(mark))?.[1] ?? 'Browser'
  const system = systems.find((name) => userAgent.includes(name)) ?? 'device'
  return `${browser} on ${system}`
}
