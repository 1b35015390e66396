import { describe, expect, test } from 'vitest'
import { routes } from '../protocol/src/routes.ts'
import { createApiProxy } from './api-proxy.ts'

const patterns = Object.keys(createApiProxy('http://127.0.0.1:1')).map((pattern) => new RegExp(pattern))
const isProxied = (path: string): boolean => patterns.some((pattern) => pattern.test(path))

describe('the proxy of the development server', () => {
  test.each(routes.map(({ path }) => path))('%s goes to the media server', (path) => {
    expect(isProxied(path)).toBe(true)
    expect(isProxied(`${path}?limit=1`)).toBe(true)
  })

  test.each(['/', '/upload', '/library/releases', '/src/main.tsx', '/@vite/client', '/metrics-page', '/apis'])(
    '%s stays with Vite',
    (path) => expect(isProxied(path)).toBe(false),
  )
})
