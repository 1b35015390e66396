import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { problems } from '@tonestead/protocol/problem'
import { renditionRows } from '@tonestead/protocol/rendition'
import { clientFrameCodes, relayFrameCodes } from '@tonestead/protocol/sync/frame'
import { labels } from '@tonestead/protocol/sync/sync-hash'
import { expect, it } from 'vitest'

// Tables of docs/formats.md that repeat a table of the code.

const text = await readFile(join(import.meta.dirname, '..', 'docs', 'formats.md'), 'utf8')

/** The cells of the table in a numbered section, without its heading and backticks. */
const rowsOf = (section: number): string[][] => {
  const [, rest = ''] = text.split(`\n## ${section}. `)
  const [own = ''] = rest.split('\n## ')
  const [, ...lines] = own.split('\n').filter((line) => line.startsWith('| '))
  return lines.map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.replaceAll('`', '')),
  )
}

it('section 3 lists every rendition with its codes', () => {
  const listed = rowsOf(3).map(([name, , , ivCode, headCode]) => `${name} ${ivCode} ${headCode}`)
  const rows = renditionRows.map(({ name, ivCode, headCode }) => `${name} ${ivCode} ${headCode}`)
  expect(listed.toSorted()).toEqual(rows.toSorted())
})

it('section 11 lists every problem code in the row of its status', () => {
  const listed = rowsOf(11).flatMap(([statuses = '', codes = '']) =>
    codes.split(/[;,] /).map((code) => ({ code, statuses: statuses.split(', ').map(Number) })),
  )
  expect(listed.map(({ code }) => code).toSorted()).toEqual(Object.keys(problems).toSorted())
  for (const [code, { status }] of Object.entries(problems))
    expect(listed.find((each) => each.code === code)?.statuses, code).toContain(status)
})

it('section 18 lists every frame with its code', () => {
  const [, frames = ''] = text.split('\n### Frames\n')
  const listed = [...frames.matchAll(/^\| (\d+) \| `([a-z-]+)` \|/gm)].map(([, code, kind]) => `${code} ${kind}`)
  const codes = [...relayFrameCodes, ...clientFrameCodes].map(([kind, code]) => `${code} ${kind}`)
  expect(listed).toEqual(codes)
})

it('section 18 lists every label', () => {
  const listed = rowsOf(18)
    .flatMap(([names = '']) => names.split(', '))
    .filter((name) => name.startsWith('tonestead/'))
  const written = Object.values(labels).map((label) => new TextDecoder().decode(label))
  expect(listed.toSorted()).toEqual(written.toSorted())
})
