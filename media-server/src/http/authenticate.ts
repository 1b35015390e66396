import type { Right } from '@tonestead/protocol/auth'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Context, MiddlewareHandler } from 'hono'
import type { Caller } from '../accounts/sessions.ts'
import { audienceOf, type Audience } from '@tonestead/protocol/audience'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { limitClassOf } from './limits.ts'
import { onceEnded } from './once-ended.ts'

/** Sets `caller` of the request, counts the request for its account, and ends it when its device is removed. Without a token it is a visitor; an invalid token is a problem, never a visitor. */
export const identifyCaller =
  (services: Pick<HttpServices, 'sessions' | 'limiter' | 'accounts' | 'openRequests'>): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    const token = /^DPoP (.{1,2048})$/.exec(c.req.header('authorization') ?? '')?.[1]
    if (c.req.header('authorization') !== undefined && token === undefined)
      throw new ProblemError('proof-required', 'The header Authorization must contain a DPoP token.')
    if (token === undefined) {
      await next()
      return
    }
    const { peer } = c.var
    const { outgoing } = c.env
    const removalsBefore = services.openRequests.removals()
    const caller = await services.sessions.identify({
      token,
      proof: proofOf(c),
      method: c.req.method,
      path: c.req.path,
      peer,
    })
    onceEnded(outgoing, services.limiter.byAccount(limitClassOf(c.req.path), caller.account))
    onceEnded(outgoing, services.openRequests.add(caller.device, outgoing))
    // Removed between the check of its token and the line above: nobody would end this request.
    const isUncertain = services.openRequests.removals() !== removalsBefore
    if (isUncertain && (await services.accounts.device(caller.device)) === undefined)
      throw new ProblemError('device-removed')
    c.set('caller', caller)
    await next()
  }

export const proofOf = (c: Context<HttpEnv>): string => {
  const proof = c.req.header('dpop')
  if (proof === undefined) throw new ProblemError('proof-required')
  return proof
}

export type DeviceCaller = Extract<Caller, { kind: 'device' }>

export const requireDevice = (c: Context<HttpEnv>): DeviceCaller => {
  const { caller } = c.var
  if (caller.kind === 'visitor') throw new ProblemError('proof-required')
  return caller
}

export const requireRight = (c: Context<HttpEnv>, right: Right): DeviceCaller => {
  const caller = requireDevice(c)
  if (!caller.rights.includes(right)) throw new ProblemError('not-permitted')
  return caller
}

export const audienceFor = (c: Context<HttpEnv>): Audience =>
  c.var.caller.kind === 'visitor' ? 'everyone' : audienceOf(c.var.caller.rights)
