import type { LogEntry } from '../../ports/log.ts'

/** Shows warnings and errors in the developer tools. */
export const writeToConsole = ({ level, namespace, message, fields, error }: LogEntry): void => {
  if (level !== 'warn' && level !== 'error') return
  const details = [fields, error].filter((each) => each !== undefined)
  console[level](`${namespace}: ${message}`, ...details)
}
