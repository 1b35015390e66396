import { describe, expect, it } from 'vitest'
import { counting, signingPairOf } from '../../vectors.testkit.ts'
import { sampleItems } from '../sample-items.testkit.ts'
import * as fixed from '../sync-fixtures.testkit.ts'
import { createVerifier, verifySignature } from './verifier.ts'

const { subtle } = globalThis.crypto
const { key } = await fixed.signer()

describe('a verifier', () => {
  it('[SF3] accepts every kind of item from its signer, and from nobody else', async () => {
    const other = (await signingPairOf(counting(32, 1))).publicKey
    for (const item of await sampleItems()) {
      expect(await verifySignature({ subtle }, item, key)).toBe(true)
      expect(await verifySignature({ subtle }, item, other)).toBe(false)
    }
  })

  it('[SF3] refuses the header of one kind as an item of another', async () => {
    const [item] = await sampleItems()
    const renamed = { ...item!, kind: 'snapshot' } as Parameters<typeof verifySignature>[1]
    expect(await verifySignature({ subtle }, renamed, key)).toBe(false)
  })

  it('[SF4] imports a key once, keeps at most so many, and forgets the one used longest ago', async () => {
    const imports: string[] = []
    const counted = {
      verify: subtle.verify.bind(subtle),
      importKey: (format: 'jwk', jwk: JsonWebKey, ...rest: [string, boolean, KeyUsage[]]) => {
        imports.push(jwk.x ?? '')
        return subtle.importKey(format, jwk, ...rest)
      },
    } as unknown as SubtleCrypto
    const verifier = createVerifier({ subtle: counted }, 2)
    const [item] = await sampleItems()
    const [b, c] = [await signingPairOf(counting(32, 1)), await signingPairOf(counting(32, 2))]
    for (const each of [key, key, b.publicKey, key, c.publicKey, key]) await verifier.verifyItem(item!, each)
    expect(imports).toEqual([key.x, b.publicKey.x, c.publicKey.x])
    await verifier.verifyItem(item!, b.publicKey)
    expect(imports).toHaveLength(4)
  })

  it('[SF4] refuses a key that no point has the y of', async () => {
    const [item] = await sampleItems()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        verifySignature({ subtle }, item!, {
          ...key,
          x: `${'AB'[index % 2]!}${key.x.slice(1, -2)}${'AEIM'[index % 4]!}A`,
        }),
      ),
    )
    expect(answers).toEqual(answers.map(() => false))
  })
})
