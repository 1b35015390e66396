import { randomBytes } from 'node:crypto'
import { signProof, sessionSchema, tokenHash, type ProofClaims, type Session } from '@tonestead/protocol/auth'
import {
  agreementJwkSchema,
  signDeviceLogEntry,
  signingJwkSchema,
  type SigningJwk,
} from '@tonestead/protocol/device-log'
import { serverInfoSchema } from '@tonestead/protocol/server-info'

type SigningPair = { readonly privateKey: CryptoKey; readonly publicKey: SigningJwk }

const makeSigningPair = async (): Promise<SigningPair> => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  const { kty, crv, x } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { privateKey: pair.privateKey, publicKey: signingJwkSchema.parse({ kty, crv, x }) }
}

/** A new account with one device, as the app creates them at the first visit. With the `root` of another device both belong to one account. */
export const makeDevice = async (root?: SigningPair) => {
  const own = root ?? (await makeSigningPair())
  const signing = await makeSigningPair()
  const agreement = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveKey'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', agreement.publicKey)
  const device = {
    signingKey: signing.publicKey,
    agreementKey: agreementJwkSchema.parse({ kty, crv, x, y }),
    name: 'Test',
  }
  const deviceLog = [
    await signDeviceLogEntry(own.privateKey, { v: 1, kind: 'account-created', rootKey: own.publicKey, device, at: 0 }),
  ]
  return { root: own, signing, agreementKey: agreement.privateKey, deviceLog }
}
export type TestDevice = Awaited<ReturnType<typeof makeDevice>>

export const makeClient = async (origin: string, device: TestDevice) => {
  const server = serverInfoSchema.parse(await (await fetch(`${origin}/api/server`)).json())
  let session: Session | undefined
  const prove = (method: string, path: string, claims: Partial<ProofClaims> = {}): Promise<string> =>
    signProof(device.signing, {
      jti: randomBytes(16).toString('hex'),
      htm: method,
      htu: path,
      iat: Math.floor(Date.now() / 1000),
      aud: server.id,
      ...claims,
    })
  const post = (path: string, body: unknown, headers: Record<string, string>): Promise<Response> =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const openSession = async (): Promise<Response> =>
    post('/api/sessions', { deviceLog: device.deviceLog }, { dpop: await prove('POST', '/api/sessions') })
  const credentials = async (method: string, path: string): Promise<Record<string, string>> => {
    session ??= sessionSchema.parse(await (await openSession()).json())
    return {
      authorization: `DPoP ${session.token}`,
      dpop: await prove(method, path.split('?')[0] ?? path, { ath: await tokenHash(crypto.subtle, session.token) }),
    }
  }
  return {
    server,
    prove,
    post,
    openSession,
    credentials,
    get: async (path: string): Promise<Response> => fetch(origin + path, { headers: await credentials('GET', path) }),
    send: async (path: string, body: unknown): Promise<Response> => post(path, body, await credentials('POST', path)),
  }
}
