import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairingCodeBytes, readPairingCode, writePairingCode } from './pairing.ts'

const secret = fc.uint8Array({ minLength: pairingCodeBytes, maxLength: pairingCodeBytes })

test('a code is read as it was written, in any case, with any spaces, and with letters that look like digits', () => {
  fc.assert(
    fc.property(secret, (bytes) => {
      const code = writePairingCode(new Uint8Array(bytes))
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
      for (const typed of [
        code,
        code.toLowerCase(),
        code.replaceAll('-', ' '),
        code.replaceAll('0', 'O').replaceAll('1', 'l'),
      ])
        expect(readPairingCode(typed)).toEqual(new Uint8Array(bytes))
    }),
  )
})

test('other texts are no code', () => {
  for (const typed of ['', '0000-0000-0000-000', '0000-0000-0000-00000', '0000-0000-0000-000U', '0000-0000-0000-000ß'])
    expect(readPairingCode(typed)).toBeUndefined()
})
