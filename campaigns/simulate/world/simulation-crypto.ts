import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  randomFillSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'

// WebCrypto without threads: the real algorithms of OpenSSL, called synchronously, so that every promise is settled in the same turn of the event loop and the
// order of all work is the same in every run. Ed25519, ECDH on P-256, HKDF, HMAC and AES-GCM; nothing else.

/** Results that are kept: twelve devices verify the same signatures. */
const mostKept = 200_000

type Handle = { readonly key: KeyObject } | { readonly secret: Buffer }
type Key = CryptoKey & { readonly handle: Handle; readonly x: string }
type Source = ArrayBuffer | ArrayBufferView

const bufferOf = (source: Source): Buffer =>
  source instanceof ArrayBuffer
    ? Buffer.from(source)
    : Buffer.from(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength)
const bytesOf = (buffer: Uint8Array): ArrayBuffer => new Uint8Array(buffer).buffer
const nameOf = (algorithm: string | { name: string }): string =>
  typeof algorithm === 'string' ? algorithm : algorithm.name

/** As the platform's own, also for jose and @hpke/core, which look at the tag. */
const keyOf = (options: {
  readonly type: KeyType
  readonly algorithm: KeyAlgorithm & Record<string, unknown>
  readonly extractable: boolean
  readonly usages: readonly string[]
  readonly handle: Handle
  readonly x?: string
}): Key =>
  ({ ...options, x: options.x ?? '', usages: [...options.usages], [Symbol.toStringTag]: 'CryptoKey' }) as unknown as Key

const refuse = (name: 'DataError' | 'OperationError' | 'NotSupportedError', message: string): never => {
  throw new DOMException(message, name)
}

/** Keys are the same in all histories, so each is made once. */
const madeKeys = new Map<string, KeyObject>()

const asymmetricKey = (jwk: JsonWebKey): KeyObject => {
  const id = `${jwk.crv} ${jwk.x} ${jwk.y ?? ''} ${jwk.d ?? ''}`
  const found = madeKeys.get(id) ?? makeKey(jwk)
  if (madeKeys.size > mostKept) madeKeys.clear()
  madeKeys.set(id, found)
  return found
}

const makeKey = (jwk: JsonWebKey): KeyObject => {
  try {
    const input = { key: jwk as Record<string, unknown>, format: 'jwk' } as const
    return jwk.d === undefined ? createPublicKey(input) : createPrivateKey(input)
  } catch (cause) {
    return refuse('DataError', String(cause))
  }
}

const pointOf = (raw: Buffer): JsonWebKey => {
  if (raw.length !== 65 || raw[0] !== 4) refuse('DataError', 'not an uncompressed point')
  return {
    kty: 'EC',
    crv: 'P-256',
    x: raw.subarray(1, 33).toString('base64url'),
    y: raw.subarray(33).toString('base64url'),
  }
}

type Import = {
  readonly format: string
  readonly data: JsonWebKey | Source
  readonly algorithm: string | ({ name: string } & Record<string, unknown>)
  readonly extractable: boolean
  readonly usages: readonly string[]
}

const importKey = ({ format, data, algorithm, extractable, usages }: Import): Key => {
  const name = nameOf(algorithm)
  const details = typeof algorithm === 'string' ? {} : algorithm
  if (name === 'Ed25519' || name === 'ECDH') {
    const jwk = format === 'raw' ? pointOf(bufferOf(data as Source)) : (data as JsonWebKey)
    const type = jwk.d === undefined ? 'public' : 'private'
    const kept = name === 'ECDH' ? { name, namedCurve: 'P-256' } : { name }
    return keyOf({ type, algorithm: kept, extractable, usages, handle: { key: asymmetricKey(jwk) }, x: jwk.x ?? '' })
  }
  if (format !== 'raw') refuse('NotSupportedError', `${name} in ${format}`)
  const handle = { secret: bufferOf(data as Source) }
  return keyOf({ type: 'secret', algorithm: { ...details, name }, extractable, usages, handle })
}

const secretOf = ({ handle }: Key): Buffer => ('secret' in handle ? handle.secret : refuse('DataError', 'no secret'))
const objectOf = ({ handle }: Key): KeyObject => ('key' in handle ? handle.key : refuse('DataError', 'no key pair'))

const exportKey = (format: string, key: Key): ArrayBuffer | JsonWebKey => {
  if (!key.extractable) refuse('OperationError', 'not extractable')
  if ('secret' in key.handle) return bytesOf(key.handle.secret)
  const jwk = key.handle.key.export({ format: 'jwk' }) as JsonWebKey
  if (format === 'jwk') return { ...jwk, ext: true, key_ops: [...key.usages] }
  if (format !== 'raw' || jwk.y === undefined) return refuse('NotSupportedError', format)
  return bytesOf(Buffer.concat([Buffer.of(4), Buffer.from(jwk.x ?? '', 'base64url'), Buffer.from(jwk.y, 'base64url')]))
}

type Hkdf = { name: string; salt: Source; info: Source }
const hkdf = (algorithm: Hkdf, key: Key, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secretOf(key), bufferOf(algorithm.salt), bufferOf(algorithm.info), bytes))

const deriveBits = (algorithm: Hkdf | { name: string; public: Key }, key: Key, bits: number): ArrayBuffer =>
  'public' in algorithm
    ? bytesOf(diffieHellman({ privateKey: objectOf(key), publicKey: objectOf(algorithm.public) }).subarray(0, bits / 8))
    : bytesOf(hkdf(algorithm, key, bits / 8))

type Gcm = { iv: Source; additionalData?: Source }
const tagBytes = 16

const encrypt = ({ iv, additionalData }: Gcm, key: Key, data: Source): ArrayBuffer => {
  const cipher = createCipheriv('aes-256-gcm', secretOf(key), bufferOf(iv))
  if (additionalData !== undefined) cipher.setAAD(bufferOf(additionalData))
  return bytesOf(Buffer.concat([cipher.update(bufferOf(data)), cipher.final(), cipher.getAuthTag()]))
}

const decrypt = ({ iv, additionalData }: Gcm, key: Key, data: Source): ArrayBuffer => {
  const sealed = bufferOf(data)
  if (sealed.length < tagBytes) return refuse('OperationError', 'too short')
  const decipher = createDecipheriv('aes-256-gcm', secretOf(key), bufferOf(iv))
  if (additionalData !== undefined) decipher.setAAD(bufferOf(additionalData))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return bytesOf(Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]))
  } catch (cause) {
    return refuse('OperationError', String(cause))
  }
}

const signData = (name: string, key: Key, data: Source): ArrayBuffer =>
  name === 'HMAC'
    ? bytesOf(createHmac('sha256', secretOf(key)).update(bufferOf(data)).digest())
    : bytesOf(sign(null, bufferOf(data), objectOf(key)))

/** The answer is the same for the same key, signature and bytes, so it is computed once. */
const createVerify = () => {
  const known = new Map<string, boolean>()
  return (key: Key, signature: Source, data: Source): boolean => {
    const bytes = bufferOf(data)
    const id = createHash('sha256').update(key.x).update(bufferOf(signature)).update(bytes).digest('base64')
    const found = known.get(id)
    if (found !== undefined) return found
    if (known.size > mostKept) known.clear()
    const isRight = verify(null, bytes, objectOf(key), bufferOf(signature))
    known.set(id, isRight)
    return isRight
  }
}

/** Puts the result, or what was thrown, in a promise that is settled already. */
const settled =
  <Arguments extends unknown[], Result>(work: (...given: Arguments) => Result) =>
  (...given: Arguments): Promise<Result> =>
    new Promise((resolve) => resolve(work(...given)))

type ImportArguments = [string, Import['data'], Import['algorithm'], boolean, readonly string[]]
type DeriveArguments = [Hkdf, Key, { name: string }, boolean, readonly string[]]

const createSimulationCrypto = (): Crypto => {
  const verifyData = createVerify()
  const subtle = {
    digest: settled((_: unknown, data: Source) => bytesOf(createHash('sha256').update(bufferOf(data)).digest())),
    importKey: settled((...[format, data, algorithm, extractable, usages]: ImportArguments) =>
      importKey({ format, data, algorithm, extractable, usages }),
    ),
    exportKey: settled(exportKey),
    deriveBits: settled(deriveBits),
    deriveKey: settled((...[algorithm, key, target, extractable, usages]: DeriveArguments) => {
      const handle = { secret: hkdf(algorithm, key, 32) }
      return keyOf({ type: 'secret', algorithm: { ...target }, extractable, usages, handle })
    }),
    encrypt: settled(encrypt),
    decrypt: settled(decrypt),
    sign: settled((algorithm: string | { name: string }, key: Key, data: Source) =>
      signData(nameOf(algorithm), key, data),
    ),
    verify: settled((...[, key, signature, data]: [unknown, Key, Source, Source]) => verifyData(key, signature, data)),
  }
  // Automerge takes the seeds of its hash tables from here: nothing that is seen may depend on them.
  const getRandomValues = <T extends ArrayBufferView>(array: T): T => {
    randomFillSync(bufferOf(array))
    return array
  }
  return { subtle, getRandomValues } as unknown as Crypto
}

/** Puts the crypto of the simulation in the place of the platform's: @hpke/core and large digests take it from there. Gives what takes it back. */
export const installSimulationCrypto = (): { readonly subtle: SubtleCrypto; readonly restore: () => void } => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'crypto')
  const crypto = createSimulationCrypto()
  Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true, writable: true })
  return {
    subtle: crypto.subtle,
    restore: () => {
      if (before !== undefined) Object.defineProperty(globalThis, 'crypto', before)
    },
  }
}
