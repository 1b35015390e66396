import { randomUUID, webcrypto } from 'node:crypto'
import { sessionSchema, signProof, tokenHash, type Session } from '@tonestead/protocol/auth'
import {
  agreementJwkSchema,
  signDeviceLogEntry,
  signingJwkSchema,
  type SigningJwk,
} from '@tonestead/protocol/device-log'
import { serverInfoSchema } from '@tonestead/protocol/server-info'
import { until } from './until.ts'

// A device without a page: an account, proofs and signed requests of the same protocol, for journeys and benchmarks of the server alone.

export type Device = {
  readonly session: Session
  /** A signed request; the body is sent as JSON. */
  request(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response>
}

const subtle = webcrypto.subtle as SubtleCrypto

const signingKeys = async (): Promise<{ privateKey: CryptoKey; publicKey: SigningJwk }> => {
  const pair = (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const { kty, crv, x } = await subtle.exportKey('jwk', pair.publicKey)
  return { privateKey: pair.privateKey, publicKey: signingJwkSchema.parse({ kty, crv, x }) }
}

/** Creates an account with one device, opens a session, and redeems the claim code if one is given. */
export const createDevice = async (origin: string, claimCode?: string): Promise<Device> => {
  const { id: serverId } = serverInfoSchema.parse(await (await fetch(`${origin}/api/server`)).json())
  const [root, device] = [await signingKeys(), await signingKeys()]
  const agreement = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveKey'])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', agreement.publicKey)
  const entry = {
    v: 1,
    kind: 'account-created',
    rootKey: root.publicKey,
    device: {
      signingKey: device.publicKey,
      agreementKey: agreementJwkSchema.parse({ kty, crv, x, y }),
      name: 'A device without a page',
    },
    at: Date.now(),
  } as const
  const deviceLog = [await signDeviceLogEntry(root.privateKey, entry)]

  const send = async (
    method: string,
    path: string,
    { body, token }: { body?: unknown; token?: string | undefined },
  ): Promise<Response> => {
    const htu = new URL(path, origin).pathname
    const ath = token === undefined ? undefined : await tokenHash(subtle, token)
    const proof = await signProof(device, {
      jti: randomUUID(),
      htm: method,
      htu,
      iat: Math.floor(Date.now() / 1000),
      aud: serverId,
      ath,
    })
    return fetch(new URL(path, origin), {
      method,
      headers: {
        DPoP: proof,
        ...(token === undefined ? {} : { Authorization: `DPoP ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  const openSession = async (): Promise<Session> =>
    sessionSchema.parse(await (await send('POST', '/api/sessions', { body: { deviceLog } })).json())
  let session = await openSession()
  if (claimCode !== undefined) {
    const claimed = await send('POST', '/api/claims', { body: { code: claimCode }, token: session.token })
    if (!claimed.ok) throw new Error(`the claim was refused: ${await claimed.text()}`)
    session = await openSession()
  }
  return { session, request: (method, path, body) => send(method, path, { body, token: session.token }) }
}

/** The claim code, which a server prints right after it is ready. */
export const claimCodeOf = async (server: { printed(): string }): Promise<string> => {
  let code: string | undefined
  await until(
    'the claim link is printed',
    () => (code = /#claim=([\w-]+)/.exec(server.printed())?.[1]) !== undefined,
    60_000,
  )
  return code ?? ''
}
