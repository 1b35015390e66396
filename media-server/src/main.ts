import { help, readConfig } from './config.ts'

// The media server as a program. Exit codes: 0 after a clean stop, 1 when it cannot start or fails, 2 when the flags are wrong.

const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'start-refused'

const readConfigOrLeave = () => {
  try {
    return readConfig(process.argv.slice(2), process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}

const run = async (): Promise<void> => {
  const config = readConfigOrLeave()
  if (config === 'help') {
    console.log(help)
    return
  }
  const asked = firstSignal()
  // Only now, so that help and refusals come at once.
  const { startMediaServer } = await import('./start-media-server.ts')
  const server = await startMediaServer(config, console.log)
  console.log(`Tonestead ready at ${server.url}`)
  if (server.claimUrl !== undefined) console.log(`To become its administrator, open ${server.claimUrl}`)
  await asked
  await server.stop()
  process.exit(0)
}

/** Listens from the beginning, so that a signal during the start, or right after the ready line, is a clean stop too. A second signal does not wait. */
const firstSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let isAsked = false
    const onSignal = (): void => {
      if (isAsked) process.exit(1)
      isAsked = true
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })

run().catch((error: unknown) => {
  console.error(isRefusal(error) ? error.message : error)
  process.exit(1)
})
