/** CPU time of this thread in ms: on a busy machine the time by the clock says little. */
export const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
