import { readFile } from 'node:fs/promises'
import { signingJwkSchema, type SigningJwk } from '@tonestead/protocol/device-log'
import { z } from 'zod'
import { StartRefusal } from '../ports/start-refusal.ts'

/** A media server that does not answer in this time is not there. */
const fetchMs = 10_000
const serverSchema = z.object({ signingKey: signingJwkSchema })

/** Reads the public keys of media servers: JWKs, files with one, or addresses of servers. Throws a StartRefusal for one that gives no key. */
export const readPassKeys = (sources: readonly string[]): Promise<readonly SigningJwk[]> =>
  Promise.all(sources.map(readPassKey))

const readPassKey = (source: string): Promise<SigningJwk> => {
  if (/^https?:\/\//.test(source)) return fetchKey(source)
  return readKey(source, () => (source.startsWith('{') ? Promise.resolve(source) : readFile(source, 'utf8')))
}

const readKey = async (source: string, text: () => Promise<string>): Promise<SigningJwk> => {
  try {
    return signingJwkSchema.parse(JSON.parse(await text()))
  } catch (error) {
    throw new StartRefusal(`--pass-key ${source} is not the public key of a media server (a JWK, Ed25519).`, {
      cause: error,
    })
  }
}

const fetchKey = async (address: string): Promise<SigningJwk> => {
  try {
    const response = await fetch(new URL('/api/server', address), { signal: AbortSignal.timeout(fetchMs) })
    return serverSchema.parse(await response.json()).signingKey
  } catch (error) {
    throw new StartRefusal(`--pass-key ${address} does not answer as a Tonestead media server.`, { cause: error })
  }
}
