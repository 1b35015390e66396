import { createRoute, z, type RouteConfig } from '@hono/zod-openapi'
import { problemSchema } from '@tonestead/protocol/problem'
import { routes } from '@tonestead/protocol/routes'
import { problemType } from './problem-response.ts'

// Descriptions for OpenAPI, in one form.

const problemContent = { content: { [problemType]: { schema: problemSchema } }, description: 'A problem (RFC 9457)' }

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { 'application/json': { schema } },
  description,
})

/** The path as the table of routes has it. Its class decides which proofs the description asks for. */
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
