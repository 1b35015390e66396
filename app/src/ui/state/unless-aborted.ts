/** Returns undefined when the signal has aborted; other failures are thrown on. */
export const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> => {
  try {
    const value = await work
    return signal.aborted ? undefined : value
  } catch (cause) {
    if (signal.aborted) return undefined
    throw cause
  }
}
