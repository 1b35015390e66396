import { access, constants, readFile, stat } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { ServerConfig } from './config.ts'
import type { TlsFiles } from './http/http-server.ts'
import { StartRefusal } from './ports/start-refusal.ts'

/** Throws a StartRefusal for the first music folder that cannot be read. */
export const checkMusicFolders = async (folders: readonly string[]): Promise<void> => {
  for (const folder of folders) {
    const found = await stat(folder).catch((error: unknown) => {
      throw new StartRefusal(`The music folder ${folder} is not there. Check its name.`, { cause: error })
    })
    if (!found.isDirectory()) throw new StartRefusal(`${folder} is a file: give the folder that it lies in.`)
    await access(folder, constants.R_OK | constants.X_OK).catch((error: unknown) => {
      throw new StartRefusal(`The music folder ${folder} cannot be read. Check its permissions.`, { cause: error })
    })
  }
}

/** Reads the certificate and its key. Throws a StartRefusal when they cannot be read or do not belong together. */
export const readTlsFiles = async ({ tls }: ServerConfig): Promise<TlsFiles | undefined> => {
  if (tls === undefined) return undefined
  const read = (path: string): Promise<Uint8Array> =>
    readFile(path).catch((error: unknown) => {
      throw new StartRefusal(`The file ${path} cannot be read: ${messageOf(error)}.`, { cause: error })
    })
  const files = { cert: await read(tls.certFile), key: await read(tls.keyFile) }
  try {
    createSecureContext({ cert: Buffer.from(files.cert), key: Buffer.from(files.key) })
  } catch (error) {
    throw new StartRefusal(
      `${tls.certFile} and ${tls.keyFile} are not a PEM certificate and its key: ${messageOf(error)}.`,
      { cause: error },
    )
  }
  return files
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
