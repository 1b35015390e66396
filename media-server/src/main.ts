import { help, readConfig } from './config.ts'

// The media server as a program. Exit codes: 0 after a clean stop, 1 when it cannot start or fails, 2 when the flags are wrong.

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

const run = async (): Promise<void> => {
  const config = readConfigOrExit()
  if (config === 'help') {
    console.log(help)
    return
  }
  const stopSignal = waitForStopSignal()
  // Imported late, so that --help and wrong flags are answered at once.
  const { startMediaServer } = await import('./start-media-server.ts')
  const server = await startMediaServer(config, console.log)
  console.log(`Tonestead ready at ${server.url}`)
  if (server.claimUrl !== undefined) console.log(`To become its administrator, open ${server.claimUrl}`)
  await stopSignal
  await server.stop()
  process.exit(0)
}

/** One Ctrl+C can arrive several times: from the terminal, and from npm, which passes it on. */
const sameRequestMs = 1000

/** Resolves at the first SIGINT or SIGTERM, also one during the start, so that it is a clean stop too. Another one a second later exits at once. */
const waitForStopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let firstAt: number | undefined
    const onSignal = (): void => {
      firstAt ??= performance.now()
      if (performance.now() - firstAt > sameRequestMs) process.exit(1)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })

run().catch((error: unknown) => {
  console.error(isRefusal(error) ? error.message : error)
  process.exit(1)
})
