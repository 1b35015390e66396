import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { signingJwkSchema, type SigningJwk } from '@tonestead/protocol/device-log'
import { StartRefusal } from '../../ports/start-refusal.ts'

/** The key that signs receipts. Devices know the relay by it: with another key every collection here would have to be re-homed. */
export type StoredRelayKey = { readonly privateKey: CryptoKey; readonly publicKey: SigningJwk }

/** Where the key lies: <data>/secrets (mode 0700), relay.pem (mode 0600). */
export const relayKeyFile = (dataFolder: string): string => join(dataFolder, 'secrets', 'relay.pem')

/** Reads the relay's key, or makes one in a new data folder. Throws a StartRefusal when it is missing beside logs, damaged, or readable by others. */
export const openRelayKey = async (dataFolder: string, hasLogs: boolean): Promise<StoredRelayKey> => {
  const path = relayKeyFile(dataFolder)
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new StartRefusal(`${path} cannot be read. Check its permissions.`, { cause: error })
  })
  if (found === undefined && hasLogs)
    throw new StartRefusal(
      `${path} is missing, yet the data folder holds logs. Devices know this relay by that key: put it back from your backup.`,
    )
  if (found === undefined) await makeKey(path)
  else if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw new StartRefusal(
      `${path} can be read by other users of this machine (mode ${(found.mode & 0o777).toString(8)}). Close it with: chmod go= ${path}`,
    )
  return readKey(path)
}

/** Complete or not there: written and synced under another name, then renamed. */
const makeKey = async (path: string): Promise<void> => {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const temporary = `${path}.new`
  await rm(temporary, { force: true })
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await using file = await open(temporary, 'wx', 0o600)
  await file.writeFile(pem)
  await file.sync()
  await rename(temporary, path)
  await using opened = await open(folder, 'r')
  await opened.sync()
}

const readKey = async (path: string): Promise<StoredRelayKey> => {
  try {
    const key = createPrivateKey(await readFile(path, 'utf8'))
    const { kty, crv, x } = createPublicKey(key).export({ format: 'jwk' })
    const pkcs8 = new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }))
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
    return { privateKey, publicKey: signingJwkSchema.parse({ kty, crv, x }) }
  } catch (error) {
    throw new StartRefusal(`${path} is damaged. Put it back from your backup.`, { cause: error })
  }
}
