import { z } from 'zod'
import type { Right } from './auth.ts'

/**
 * Who a list, a search or an index is made for. `everyone`: what is public. `listeners`: the whole catalog, for accounts with the right to listen.
 */
export const audienceSchema = z.enum(['everyone', 'listeners'])
/** Value of `audienceSchema`. */
export type Audience = z.infer<typeof audienceSchema>

/** The audience that an account with these rights belongs to. */
export const audienceOf = (rights: readonly Right[]): Audience => (rights.includes('listen') ? 'listeners' : 'everyone')
