import { fromBase64Url, utf8 } from '../../bytes.ts'
import { deviceLogEntrySchema, readDeviceLog, type KnownDevice, type SigningJwk } from '../../device-log.ts'
import type { Verifier } from '../keys/verifier.ts'

// The first entry of an account's device log, which `account-created` carries: the root key vouches there for the first device.

/** The root key in an entry. Throws on an entry that `verifyFirstEntry` would refuse for its form. */
export const readRootKey = (entry: string): SigningJwk =>
  deviceLogEntrySchema.parse(JSON.parse(new TextDecoder().decode(fromBase64Url(entry.split('.')[1] ?? '')))).rootKey

/**
 * [LP1] The account and first device of an entry that its root key has signed; undefined otherwise. Platforms differ in the signatures they accept, so the
 * strict verifier decides too.
 */
export const verifyFirstEntry = async (
  { subtle, verifier }: { readonly subtle: SubtleCrypto; readonly verifier: Verifier },
  entry: string,
): Promise<KnownDevice | undefined> => {
  const known = (await readDeviceLog(subtle, [entry]))?.[0]
  if (known === undefined) return undefined
  const end = entry.lastIndexOf('.')
  const signed = { label: utf8(''), bytes: utf8(entry.slice(0, end)), signature: fromBase64Url(entry.slice(end + 1)) }
  return (await verifier.verify(signed, readRootKey(entry))) ? known : undefined
}
