import { z } from 'zod'
import { help, readConfig } from './config.ts'

// The relay as a program. Exit codes: 0 after a clean stop, 1 when it cannot start or fails, 2 when the flags are wrong.

const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'start-refused'

const readConfigOrExit = () => {
  try {
    return readConfig(process.argv.slice(2), process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}

const stopMessage = z.object({ kind: z.literal('stop') })

const run = async (): Promise<void> => {
  const config = readConfigOrExit()
  if (config === 'help') {
    console.log(help)
    return
  }
  const stopSignal = waitForStopSignal()
  // Imported late, so that --help and wrong flags are answered at once.
  const { startRelay } = await import('./start-relay.ts')
  const relay = await startRelay(config)
  // Beside a media server the operator reads that one's lines, and clients come through its port.
  if (process.send !== undefined) process.send({ kind: 'listening', port: relay.port, key: relay.key })
  else console.log(`Relay ready at ${relay.url}\nKey of this relay: ${relay.key}`)
  const failure = await Promise.race([stopSignal, relay.failed])
  if (failure instanceof Error) throw failure
  await relay.stop()
  process.exit(0)
}

/** One Ctrl+C can arrive several times: from the terminal, and from npm, which passes it on. */
const sameRequestMs = 1000

/**
 * Resolves at the first SIGINT or SIGTERM; another signal a second later exits at once. Beside a media server: at its message, or when it is gone. Ctrl+C
 * reaches both, and then the media server says when.
 */
const waitForStopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let firstAt: number | undefined
    const onSignal = (): void => {
      firstAt ??= performance.now()
      if (process.connected) return
      if (performance.now() - firstAt > sameRequestMs) process.exit(1)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
    process.on('disconnect', () => resolve())
    process.on('message', (message: unknown) => {
      if (stopMessage.safeParse(message).success) resolve()
    })
  })

run().catch((error: unknown) => {
  console.error(isRefusal(error) ? error.message : error)
  process.exit(1)
})
