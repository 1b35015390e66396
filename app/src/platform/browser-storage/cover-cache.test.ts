import { expect, test } from 'vitest'
import { findOtherSize } from './cover-cache.ts'

const cacheOf = (...urls: readonly string[]) => ({
  match: async (url: RequestInfo | URL) => (urls.includes(String(url)) ? new Response(String(url)) : undefined),
})
const find = async (url: string, ...kept: readonly string[]) => (await findOtherSize(cacheOf(...kept), url))?.text()
const cover = 'http://localhost/covers/abc'

test('without a network a cover comes in the largest size that is kept', async () => {
  expect(await find(`${cover}/320.webp`, `${cover}/96.webp`, `${cover}/1024.webp`)).toBe(`${cover}/1024.webp`)
  expect(await find(`${cover}/1024.webp`, `${cover}/96.webp`)).toBe(`${cover}/96.webp`)
})
test('it is never another picture', async () => {
  expect(await find(`${cover}/320.webp`, 'http://localhost/covers/abd/320.webp', `${cover}/96.jpg`)).toBeUndefined()
})
