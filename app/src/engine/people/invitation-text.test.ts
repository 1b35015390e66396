import { expect, test } from 'vitest'
import { parseEntryId } from '@tonestead/crdt/ids'
import { readInvitation, writeInvitation } from './invitation-text.ts'

const invitation = {
  collection: 'a'.repeat(52),
  playlist: parseEntryId('p'.repeat(26)),
  secret: new Uint8Array(32).fill(9),
}
const link = writeInvitation('https://music.example', invitation)

test('[PE4] a link holds everything in its fragment, and is read again', () => {
  expect(link.startsWith('https://music.example/join#')).toBe(true)
  expect(readInvitation(new URL(link).hash)).toEqual(invitation)
})

test('[PE4] a link that was cut or altered, or is of another version, is no invitation', () => {
  const { hash } = new URL(link)
  for (const wrong of ['', '#', hash.slice(0, -1), `${hash}.x`, hash.replace('#1.', '#2.'), hash.replace('ppp', 'pp1')])
    expect(readInvitation(wrong)).toBeUndefined()
})
