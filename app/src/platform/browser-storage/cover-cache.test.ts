import { expect, test } from 'vitest'
import { findOtherSize } from './cover-cache.ts'

const cacheOf = (...urls: readonly string[]) => ({
  match: async (url: RequestInfo | URL) => (urls.includes(String(url)) ? new Response(String(url)) : undefined),
})
const find = async (url: string, ...cached: readonly string[]) => (await findOtherSize(cacheOf(...cached), url))?.text()
const cover = 'http://localhost/covers/abc'

test('without a network the largest cached size of a cover is used', async () => {
  expect(await find(`${cover}/320.webp`, `${cover}/96.webp`, `${cover}/1024.webp`)).toBe(`${cover}/1024.webp`)
  expect(await find(`${cover}/1024.webp`, `${cover}/96.webp`)).toBe(`${cover}/96.webp`)
})
test('it is never another picture or another format', async () => {
  expect(await find(`${cover}/320.webp`, 'http://localhost/covers/abd/320.webp', `${cover}/96.jpg`)).toBeUndefined()
})
