import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { fromHex, toBase64Url, toHex, utf8 } from '../../bytes.ts'
import { counting, signingPairOf } from '../../vectors.testkit.ts'
import { isStrictSignature, isStrictSigningKey } from './strict-ed25519.ts'
import { createVerifier } from './verifier.ts'

const { subtle } = globalThis.crypto
const jwkOf = (hex: string) => ({ kty: 'OKP', crv: 'Ed25519', x: toBase64Url(fromHex(hex)) }) as const
const noLabel = new Uint8Array(0)
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n

/**
 * Table 6c of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020; numbers as there), and the two cases that its authors published later (8b, 9b).
 * Verifiers of different make disagree about these.
 */
const cases = [
  {
    name: '0: S = 0, small A, small R',
    message: '8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6',
    key: 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    r: 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    s: '0000000000000000000000000000000000000000000000000000000000000000',
  },
  {
    name: '1: small A, mixed R',
    message: '9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79',
    key: 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    r: 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    s: 'a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04',
  },
  {
    name: '2: mixed A, small R',
    message: 'aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab',
    key: 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    r: 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    s: '8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e',
  },
  {
    name: '3: mixed A and R, both equations hold',
    message: '9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79',
    key: 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    r: '9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f',
    s: '87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009',
    isValid: true,
  },
  {
    name: '4: only the equation with cofactor holds',
    message: 'e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c',
    key: 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    r: '160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512',
    s: '5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09',
  },
  {
    name: '5: only the equation with cofactor holds, computed on k in full',
    message: 'e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c',
    key: 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    r: '21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7',
    s: 'e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405',
  },
  {
    name: '6: S above the group order',
    message: '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40',
    key: '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623',
    r: 'e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e',
    s: '547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514',
  },
  {
    name: '7: S far above the group order',
    message: '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40',
    key: '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623',
    r: '8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942',
    s: '7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22',
  },
  {
    name: '8: R not canonical, small order',
    message: '9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41',
    key: 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    r: 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    s: '03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f',
  },
  {
    name: '8b: R with y = p',
    message: 'fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a',
    key: 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    r: 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    s: '454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607',
  },
  {
    name: '9: R not canonical, k of R as sent',
    message: '9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41',
    key: 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    r: 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    s: 'ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908',
  },
  {
    name: '9b: R with y = p, k of R reduced',
    message: '84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1',
    key: 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    r: 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    s: '084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09',
  },
  {
    name: '10: A not canonical, small order',
    message: 'e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b',
    key: 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    r: 'a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc',
    s: 'a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04',
  },
  {
    name: '11: A not canonical, small order, k of A as sent',
    message: '39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f',
    key: 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    r: 'a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc',
    s: 'a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04',
  },
]

/** The fourteen encodings of the eight points of small order: eight canonical ones, six with y from p on or with the sign of a zero. */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
]

describe('strict Ed25519', () => {
  it.each(cases)('[SF4] case $name', async ({ message, key, r, s, isValid = false }) => {
    const signed = { label: noLabel, bytes: fromHex(message), signature: fromHex(r + s) }
    expect(await createVerifier({ subtle }).verify(signed, jwkOf(key))).toBe(isValid)
  })

  it.each(smallOrder)(
    '[SF4] refuses the small-order point %s as key and as R, before WebCrypto is asked',
    async (point) => {
      const asked = vi.fn(() => Promise.resolve(true))
      const importKey = vi.fn(() => Promise.resolve({}))
      const verifier = createVerifier({ subtle: { verify: asked, importKey } as unknown as SubtleCrypto })
      const good = await signingPairOf(counting(32))
      const signature = new Uint8Array(await subtle.sign('Ed25519', good.privateKey, utf8('message')))
      expect(await verifier.verify({ label: noLabel, bytes: utf8('message'), signature }, jwkOf(point))).toBe(false)
      const weak = fromHex(point + toHex(signature).slice(64))
      expect(await verifier.verify({ label: noLabel, bytes: utf8('message'), signature: weak }, good.publicKey)).toBe(
        false,
      )
      expect(asked).not.toHaveBeenCalled()
      expect(importKey).not.toHaveBeenCalled()
    },
  )

  it('[SF4] refuses S + n · group order, which some verifiers accept', async () => {
    const { privateKey } = await signingPairOf(counting(32))
    const littleEndian = (value: bigint) =>
      Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 14 }), async (message, times) => {
        const signature = new Uint8Array(await subtle.sign('Ed25519', privateKey, new Uint8Array(message)))
        expect(isStrictSignature(signature)).toBe(true)
        const s = signature.slice(32).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n)
        signature.set(littleEndian(s + BigInt(times) * groupOrder), 32)
        expect(isStrictSignature(signature)).toBe(false)
      }),
      { numRuns: 30 },
    )
    const borders = [groupOrder - 1n, groupOrder].map((s) => fromHex(cases[3]!.r + toHex(littleEndian(s))))
    expect(borders.map(isStrictSignature)).toEqual([true, false])
  })

  it('[SF4] refuses another length of a key or a signature, and a key with unused bits', () => {
    for (const length of [0, 31, 33]) expect(isStrictSigningKey(jwkOf('42'.repeat(length)))).toBe(false)
    for (const length of [0, 63, 65]) expect(isStrictSignature(counting(length, 1))).toBe(false)
    const { x } = jwkOf('42'.repeat(32))
    const last = x.at(-1)!
    const sameBytes = `${x.slice(0, -1)}${String.fromCharCode(last.charCodeAt(0) + 1)}`
    expect(isStrictSigningKey({ kty: 'OKP', crv: 'Ed25519', x })).toBe(true)
    expect(isStrictSigningKey({ kty: 'OKP', crv: 'Ed25519', x: sameBytes })).toBe(false)
  })
})
