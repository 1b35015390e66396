import { expect, test } from 'vitest'
import { findMissingPaths } from './check-doc-paths.ts'

const files = ['README.md', 'app/src/engine/streaming/range.ts', 'docs/style.md', 'docs/images/album.png']
const find = (text: string): string[] => findMissingPaths({ path: 'docs/guide.md', text }, files)

test.each([
  '`app/src/engine/streaming/range.ts`',
  '`engine/streaming/` without its beginning',
  '`range.ts`',
  '[style](style.md) beside the page',
  '[read me](../README.md)',
  '[a heading](style.md#names)',
  '![album](images/album.png)',
  '[elsewhere](https://example.org/a.md)',
  '`npm run check`, `x < y/`, `and/or`, `data/objects/`, `.ts`, `x.test.ts`',
])('no problem: %s', (text) => {
  expect(find(text)).toEqual([])
})

test.each([
  ['`app/src/engine/gone.ts`', 'app/src/engine/gone.ts'],
  ['`engine/gone/`', 'engine/gone/'],
  ['`gone.ts`', 'gone.ts'],
  ['[gone](gone.md#names)', 'gone.md'],
  ['[gone](../docs/gone.md)', '../docs/gone.md'],
])('a path that does not exist is found: %s', (text, path) => {
  expect(find(`First line.\n${text}`)).toEqual([`docs/guide.md:2 ${path}`])
})
