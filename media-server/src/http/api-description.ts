import type { OpenAPIHono } from '@hono/zod-openapi'
import type { HttpEnv } from './http-services.ts'

/** The OpenAPI document of the app. It is made at the first request: that takes milliseconds of the event loop, and the routes do not change. */
export const mountApiDescription = (app: OpenAPIHono<HttpEnv>, version: string): void => {
  let text: string | undefined
  app.get('/api/openapi.json', (c) => {
    text ??= JSON.stringify(
      app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Tonestead media server', version } }),
    )
    return c.body(text, 200, { 'content-type': 'application/json' })
  })
}
