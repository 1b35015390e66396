import { z } from 'zod'
import { signingJwkSchema } from './device-log.ts'

/** GET /api/server, public. `id` names the server in proofs; `signingKey` signs manifest heads and licenses and is pinned at first sight. */
export const serverInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  signingKey: signingJwkSchema,
  isClaimed: z.boolean(),
  time: z.number().int(),
})
export type ServerInfo = z.infer<typeof serverInfoSchema>
