import { agreementJwkSchema } from '@tonestead/protocol/device-log'
import type { DeviceIdentity, DeviceStore, SealingPair } from '../../../ports/device-store.ts'

/** The key to which keys of collections are sealed for this device. A profile that has none gets one; nothing else in it changes. */
export const openSealingKey = async (
  subtle: SubtleCrypto,
  devices: Pick<DeviceStore, 'putFirstSealing'>,
  { sealing }: DeviceIdentity,
): Promise<SealingPair> => {
  if (sealing !== undefined) return sealing
  const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', pair.publicKey)
  return devices.putFirstSealing({
    privateKey: pair.privateKey,
    publicKey: agreementJwkSchema.parse({ kty, crv, x, y }),
  })
}
