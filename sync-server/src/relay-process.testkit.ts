import { spawn, type ChildProcess } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toBase64Url } from '@tonestead/protocol/bytes'
import { seedOf } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { relayKeyFile } from './platform/files/relay-key.ts'
import { testRelayKey } from './relay/memory-relay.testkit.ts'

export type RelayProcess = {
  readonly child: ChildProcess
  readonly url: string
  /** The address for HTTP. */
  readonly origin: string
  readonly printed: () => string
  /** SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | undefined>
  /** SIGKILL. */
  readonly kill: () => Promise<void>
}

/** Gives a data folder the key that the accounts of the testkit name as their home. */
export const writeTestRelayKey = async (dataFolder: string): Promise<void> => {
  const { publicKey } = await testRelayKey()
  const key = createPrivateKey({ key: { ...publicKey, d: toBase64Url(seedOf('relay')) }, format: 'jwk' })
  await mkdir(join(dataFolder, 'secrets'), { recursive: true, mode: 0o700 })
  await writeFile(relayKeyFile(dataFolder), key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
}

/** Starts the real program on a free port. */
export const startRelayProcess = async (args: readonly string[]): Promise<RelayProcess> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<number | undefined>((resolve) => child.on('close', (code) => resolve(code ?? undefined)))
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        output += data.toString()
        const ready = /Relay ready at (\S+)/.exec(output)?.[1]
        if (ready !== undefined) resolve(ready)
      })
    child.on('error', reject)
    void ended.then((code) => reject(new Error(`the relay ended with ${code}: ${output.slice(-2000)}`)))
  })
  const signal = (name: NodeJS.Signals): void => {
    if (child.exitCode === null) child.kill(name)
  }
  return {
    child,
    url,
    origin: url.replace(/^ws/, 'http').replace(/\/sync$/, ''),
    printed: () => output,
    stop: () => {
      signal('SIGTERM')
      return ended
    },
    kill: async () => {
      signal('SIGKILL')
      await ended
    },
  }
}
