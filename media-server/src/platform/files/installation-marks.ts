import { createHmac } from 'node:crypto'
import type { InstanceSecrets } from '../../ports/instance-secrets.ts'

/**
 * A value for each secret, by the name of its file, that the catalog keeps: a wrong secret is noticed at the start. A secret cannot be computed from its mark.
 * Without `tokens.key`: another one only ends tokens and HLS links.
 */
export const installationMarks = (secrets: InstanceSecrets): Readonly<Record<string, string>> => ({
  'server-id': secrets.serverId,
  'instance.key': markOf(secrets.instanceKey),
  'ids.key': markOf(secrets.idSecret),
  'signing.pem': secrets.signing.publicKey.x,
})

const markOf = (secret: Uint8Array): string =>
  createHmac('sha256', secret).update('tonestead/installation-mark/v1').digest('base64url')
