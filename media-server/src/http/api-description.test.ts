import { OpenAPIHono } from '@hono/zod-openapi'
import { expect, it, vi } from 'vitest'
import { mountApiDescription } from './api-description.ts'
import type { HttpEnv } from './http-services.ts'

it('the description of the API is made once', async () => {
  const app = new OpenAPIHono<HttpEnv>()
  const made = vi.spyOn(app, 'getOpenAPI31Document')
  mountApiDescription(app, '1.2.3')
  const answers = [await app.request('/api/openapi.json'), await app.request('/api/openapi.json')]
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
  expect(texts[1]).toBe(texts[0])
  expect(made).toHaveBeenCalledTimes(1)
})
