import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '@tonestead/protocol/bytes'
import { signingJwkSchema } from '@tonestead/protocol/device-log'
import type { InstanceSecrets } from '../../ports/instance-secrets.ts'
import { StartRefusal } from '../../ports/start-refusal.ts'

// <data>/secrets has mode 0700 and contains one file for each secret, mode 0600. Without instance.key no chunk can be decrypted.

const keyFiles = ['instance.key', 'ids.key', 'tokens.key'] as const
const keyBytes = 32
const signingFile = 'signing.pem'
const idFile = 'server-id'
const files = [...keyFiles, signingFile, idFile] as const

/** Reads the secrets, or creates them in a new data folder. Throws a StartRefusal when they are missing beside existing data, damaged, or readable by other users. */
export const openInstanceSecrets = async (dataFolder: string, hasData: boolean): Promise<InstanceSecrets> => {
  const folder = join(dataFolder, 'secrets')
  const present = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw new StartRefusal(`${folder} cannot be read. Check its permissions.`, { cause: error })
  })
  if (present === undefined && !hasData) await makeSecrets(folder)
  if (present === undefined && hasData)
    throw new StartRefusal(
      `The data folder ${dataFolder} has no folder "secrets", yet it holds a catalog. Without these keys nothing in it can be played: put the folder back from your backup, or choose an empty --data folder.`,
    )
  await checkPermissions(folder)
  return readSecrets(folder)
}

/** Creates all secrets or none: they are written and synced in a temporary folder, which is then renamed. */
const makeSecrets = async (folder: string): Promise<void> => {
  const temporary = `${folder}.new`
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { mode: 0o700, recursive: true })
  await chmod(temporary, 0o700)
  for (const name of keyFiles) await writeSecret(join(temporary, name), randomBytes(keyBytes).toString('base64url'))
  await writeSecret(
    join(temporary, signingFile),
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  await writeSecret(join(temporary, idFile), randomBytes(16).toString('base64url'))
  await rename(temporary, folder)
}

const writeSecret = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Windows has no mode bits: the folder's access control list protects the files there. */
const checkPermissions = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return
  for (const path of [folder, ...files.map((name) => join(folder, name))]) {
    const { mode } = await stat(path).catch((error: unknown) => {
      throw new StartRefusal(
        `${path} is missing. Put it back from your backup; the other files there are of no use without it.`,
        { cause: error },
      )
    })
    if ((mode & 0o077) !== 0)
      throw new StartRefusal(
        `${path} can be read by other users of this machine (mode ${(mode & 0o777).toString(8)}). Close it with: chmod -R go= ${folder}`,
      )
  }
}

const readSecrets = async (folder: string): Promise<InstanceSecrets> => {
  const [instanceKey, idSecret, tokenSecret] = await Promise.all(keyFiles.map((name) => readKey(join(folder, name))))
  if (instanceKey === undefined || idSecret === undefined || tokenSecret === undefined)
    throw new Error('a key file was not read')
  const serverId = (await readFile(join(folder, idFile), 'utf8')).trim()
  if (!/^[\w-]{22}$/.test(serverId)) throw damaged(join(folder, idFile))
  return { serverId, instanceKey, idSecret, tokenSecret, signing: await readSigningKey(join(folder, signingFile)) }
}

const readKey = async (path: string): Promise<Bytes> => {
  const key = new Uint8Array(Buffer.from(await readFile(path, 'utf8'), 'base64url'))
  if (key.length !== keyBytes) throw damaged(path)
  return key
}

const readSigningKey = async (path: string): Promise<InstanceSecrets['signing']> => {
  try {
    const key = createPrivateKey(await readFile(path, 'utf8'))
    const pkcs8 = new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }))
    const { kty, crv, x } = createPublicKey(key).export({ format: 'jwk' })
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
    return { privateKey, publicKey: signingJwkSchema.parse({ kty, crv, x }), pkcs8 }
  } catch (error) {
    throw damaged(path, error)
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const damaged = (path: string, cause?: unknown): StartRefusal =>
  new StartRefusal(`${path} is damaged. Put it back from your backup.`, { cause })
