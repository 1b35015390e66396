import { createRoute, z, type RouteConfig } from '@hono/zod-openapi'
import { problemSchema } from '@tonestead/protocol/problem'
import { routes } from '@tonestead/protocol/routes'
import { problemType } from './problem-response.ts'

// Building blocks for the descriptions of routes (OpenAPI).

const problemContent = { content: { [problemType]: { schema: problemSchema } }, description: 'A problem (RFC 9457)' }

/** A JSON response. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { 'application/json': { schema } },
  description,
})

/** A required JSON body of a request. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

/** Describes a route of protocol/src/routes.ts. The access class in that table decides which proofs the description requires. */
export const describeRoute = <
  const T extends Omit<RouteConfig, 'security'> & { method: 'get' | 'head' | 'post' | 'patch' | 'delete' },
>(
  config: T,
) => {
  const known = routes.find((route) => route.path === config.path && route.method === config.method.toUpperCase())
  if (known === undefined) throw new Error(`${config.method} ${config.path} is not in the table of routes`)
  const security = known.access === 'device' ? (config.method === 'get' ? [{}, { dpop: [] }] : [{ dpop: [] }]) : []
  return createRoute({ ...config, security, responses: { ...config.responses, default: problemContent } })
}

export const idParams = z.object({ id: z.string().max(128) })
