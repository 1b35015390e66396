import { z } from 'zod'
import { signingJwkSchema } from './device-log.ts'

/**
 * Answer of GET /api/server. `id`: the audience (`aud`) of proofs. `signingKey` signs manifest heads and licenses; a device pins it at first contact.
 * `time`: milliseconds since 1970. `relay`: the public key of the relay at /sync of the same address; absent where there is none.
 */
export const serverInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  signingKey: signingJwkSchema,
  isClaimed: z.boolean(),
  time: z.number().int(),
  relay: signingJwkSchema.optional(),
})
/** Parsed answer of GET /api/server. */
export type ServerInfo = z.infer<typeof serverInfoSchema>
