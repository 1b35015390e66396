import type { Page } from 'playwright-core'
import { createIdentity } from '../app/src/engine/account/create-identity.ts'
import { systemClock as clock } from '../app/src/platform/system/system-clock.ts'

// Gives a second profile the account of the first one by hand: quicker than pairing, where only the server and its sessions matter.

/** WebCrypto whose private keys can be exported, so that they can be carried into a page. */
const extractableSubtle = (): { subtle: SubtleCrypto; pairs: CryptoKeyPair[] } => {
  const pairs: CryptoKeyPair[] = []
  const subtle = new Proxy(crypto.subtle, {
    get: (target, name) => {
      if (name !== 'generateKey') return (target[name as keyof SubtleCrypto] as () => unknown).bind(target)
      return async (algorithm: EcKeyGenParams, _: boolean, usages: KeyUsage[]) => {
        const pair = await target.generateKey(algorithm, true, usages)
        pairs.push(pair)
        return pair
      }
    },
  })
  return { subtle, pairs }
}

const readRootEntropy = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('tonestead')
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error ?? new Error('the database was not opened'))
    })
    const reading = database.transaction('device').objectStore('device').get('self')
    await new Promise((resolve) => (reading.onsuccess = resolve))
    database.close()
    return [...(reading.result as { identity: { rootEntropy: Uint8Array } }).identity.rootEntropy]
  })

/** Makes the profile of `joining` another device of the account of `owner`. Both pages have loaded the app; `joining` has to load it again. */
export const joinAccount = async (owner: Page, joining: Page, name: string): Promise<void> => {
  const { subtle, pairs } = extractableSubtle()
  const entropy = new Uint8Array(await readRootEntropy(owner))
  const { signing, agreement, ...rest } = await createIdentity(
    { subtle, random: { bytes: () => entropy, below: () => 0 }, clock },
    name,
  )
  const [signingJwk, agreementJwk] = await Promise.all(
    [pairs[0], pairs[1]].map(async (pair) => pair && crypto.subtle.exportKey('jwk', pair.privateKey)),
  )
  const identity = {
    ...rest,
    rootEntropy: [...entropy],
    signing: { jwk: { ...signingJwk, ext: false }, publicKey: signing.publicKey },
    agreement: { jwk: { ...agreementJwk, ext: false }, publicKey: agreement.publicKey },
  }
  await joining.evaluate(async ({ signing, agreement, rootEntropy, ...rest }) => {
    const ecdh = { name: 'ECDH', namedCurve: 'P-256' }
    const [signingKey, agreementKey] = await Promise.all([
      crypto.subtle.importKey('jwk', signing.jwk, 'Ed25519', false, ['sign']),
      crypto.subtle.importKey('jwk', agreement.jwk, ecdh, false, ['deriveKey']),
    ])
    const stored = {
      ...rest,
      rootEntropy: new Uint8Array(rootEntropy),
      signing: { privateKey: signingKey, publicKey: signing.publicKey },
      agreement: { privateKey: agreementKey, publicKey: agreement.publicKey },
    }
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('tonestead')
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error ?? new Error('the database was not opened'))
    })
    const transaction = database.transaction(['device', 'values'], 'readwrite')
    transaction.objectStore('device').put({ name: 'self', identity: stored })
    // The session of the account that this profile had before.
    transaction.objectStore('values').delete('session')
    await new Promise((resolve) => (transaction.oncomplete = resolve))
    database.close()
  }, identity)
}
