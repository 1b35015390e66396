import { agreementJwkSchema, signingJwkSchema } from './device-log.ts'
import { concat, fromHex, toHex, utf8, type Bytes } from './bytes.ts'
import type { ManifestHead, ManifestTail } from './manifest.ts'
import { codecOf, nominalBitrateOf, type RenditionName } from './rendition.ts'
import { parseChunkId, parseRecordingId } from '@tonestead/crdt/ids'

// Fixed inputs of the test vectors in vectors.json. The keys are public: never use them elsewhere.

const { subtle } = globalThis.crypto

/** Bytes from, from + 1, from + 2 …, modulo 256. */
export const counting = (length: number, from = 0): Bytes =>
  Uint8Array.from({ length }, (_, index) => (from + index) % 256)

/** The DER prefix of a 32-byte Ed25519 seed in PKCS#8 (RFC 8410, 7). */
const ed25519Der = fromHex('302e020100300506032b657004220420')

export const signingPairOf = async (seed: Bytes) => {
  const privateKey = await subtle.importKey('pkcs8', concat(ed25519Der, seed), 'Ed25519', true, ['sign'])
  const { kty, crv, x } = await subtle.exportKey('jwk', privateKey)
  const publicKey = signingJwkSchema.parse({ kty, crv, x })
  return {
    privateKey,
    publicKey,
    verifyingKey: await subtle.importKey('jwk', { ...publicKey }, 'Ed25519', true, ['verify']),
  }
}

/** A fixed ECDH key pair: the example of RFC 7517, appendix A.2. */
const agreementJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  d: '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE',
} as const
export const agreementPublic = agreementJwkSchema.parse({
  kty: agreementJwk.kty,
  crv: agreementJwk.crv,
  x: agreementJwk.x,
  y: agreementJwk.y,
})
export const agreementKeyOf = (): Promise<CryptoKey> =>
  subtle.importKey('jwk', { ...agreementJwk }, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveKey'])

export const seeds = { catalog: counting(32), root: counting(32, 32), device: counting(32, 64) } as const
export const recordingId = parseRecordingId('aaaqeayeaudaocajbifqydiob4')
export const contentKey = counting(16, 160)

const idOf = (byte: number) => parseChunkId(toHex(new Uint8Array(32).fill(byte)))

export const aacHead: ManifestHead = {
  ladder: 'aac',
  recordingId,
  keyVersion: 1,
  sampleRateHz: 48_000,
  channels: 2,
  bitsPerSample: 0,
  encoderDelay: 1024,
  totalSamples: 400_000,
  samplesPerFrame: 1024,
  framesPerSegment: 150,
  segmentCount: 3,
  largestFrameBytes: 1400,
  loudness: { integratedLufs: -14.25, rangeLu: 6.5, truePeakDbtp: -0.8 },
  tail: { id: idOf(0x7a), sizeBytes: 333 },
  streamInfo: new Uint8Array(0),
  renditions: [
    {
      name: 'aac-64',
      bitrateBps: 66_000,
      first: [
        { id: idOf(0x11), sizeBytes: 26_000 },
        { id: idOf(0x12), sizeBytes: 26_016 },
      ],
    },
    {
      name: 'aac-256',
      bitrateBps: 260_000,
      first: [
        { id: idOf(0x21), sizeBytes: 104_000 },
        { id: idOf(0x22), sizeBytes: 104_016 },
      ],
    },
  ],
}
export const aacTail: ManifestTail = {
  renditions: [0x10, 0x20].map((base, place) =>
    [1, 2, 3].map((index) => ({ id: idOf(base + index), sizeBytes: (place === 0 ? 25_984 : 103_984) + 16 * index })),
  ),
  frameSizes: [],
}
export const flacHead: ManifestHead = {
  ...aacHead,
  ladder: 'flac',
  sampleRateHz: 44_100,
  bitsPerSample: 16,
  encoderDelay: 0,
  totalSamples: 8192,
  samplesPerFrame: 4096,
  framesPerSegment: 34,
  segmentCount: 1,
  largestFrameBytes: 9000,
  // Blocks of 4096 samples, 44 100 Hz, two channels of 16 bits, 8192 samples.
  streamInfo: concat(fromHex('100010000000000000000ac442f000002000'), counting(16)),
  renditions: [{ name: 'flac', bitrateBps: 700_000, first: [{ id: idOf(0x31), sizeBytes: 16_400 }] }],
}
export const flacTail: ManifestTail = {
  renditions: [[{ id: idOf(0x31), sizeBytes: 16_400 }]],
  frameSizes: [127, 16_200],
}

export const segment = {
  index: 1,
  decodeTime: 153_600,
  samplesPerFrame: 1024,
  frames: [utf8('first frame'), utf8('second'), counting(3)],
} as const
export const addressOf = (rendition: RenditionName) => ({ recordingId, keyVersion: 1, rendition, index: 1 }) as const

/** A head with this one rendition; each row of the rendition table has a vector of it. */
export const headOf = (name: RenditionName): ManifestHead => {
  const base = codecOf(name) === 'aac' ? aacHead : flacHead
  const first = (base.renditions[0]?.first ?? []).slice(0, Math.min(2, base.segmentCount))
  return { ...base, renditions: [{ name, bitrateBps: nominalBitrateOf(name), first }] }
}

export const address = addressOf('aac-64')
export const licenseTerms = {
  serial: 'serial-1',
  issuedAt: 1_700_000_000_000,
  expiresAt: 1_702_592_000_000,
  salt: counting(32, 100),
} as const
export const proofClaims = {
  jti: '00112233445566778899aabbccddeeff',
  htm: 'GET',
  htu: '/api/releases',
  iat: 1_700_000_000,
  aud: 'AAECAwQFBgcICQoLDA0ODw',
  ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
} as const
