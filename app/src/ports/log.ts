/** How much an entry matters. Entries below the threshold of a log are dropped. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Facts beside a message. A string is a word of our own (a state, a problem code), never a title, a name, a search text, an id, a key or a token. */
export type LogFields = Readonly<Record<string, number | boolean | string | undefined>>

/** One entry, redacted and bounded in size. */
export type LogEntry = {
  readonly atMs: number
  readonly level: LogLevel
  readonly namespace: string
  readonly message: string
  readonly fields?: Readonly<Record<string, number | boolean | string>> | undefined
  /** Name, code and redacted message of an error and of its causes. */
  readonly error?: string | undefined
}

type Write = (message: string, fields?: LogFields) => void

/** Where failures and state changes are noted for whoever looks for a fault. Messages are fixed texts: what varies is a field. */
export type Log = {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  /** Makes a handler for `.catch()`: it logs the failure as a warning and returns undefined. The AbortError of an aborted signal is no failure and is not logged. */
  failed(message: string, fields?: LogFields): (cause: unknown) => undefined
  /** The same log under another namespace, such as `playback`. */
  child(namespace: string): Log
}
