import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorText, redactField, redactText } from './redact.ts'

/** A title with characters that no text of ours holds, so that finding it is no chance. Quotation marks in it must not end the quotation. */
const title = fc
  .tuple(
    fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }),
    fc.constantFrom('Ωmega', 'don’t', 'A "B" C', "it's ok", 'a/b'),
  )
  .map(([random, fixed]) => `${fixed}§${random}§`)
const secretPart = '§'
const base64url = fc
  .uint8Array({ minLength: 16, maxLength: 64 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'))
const base64 = fc.uint8Array({ minLength: 16, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64'))
const hex = fc.uint8Array({ minLength: 16, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const base32 = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), minLength: 26, maxLength: 52 })
const token = fc.oneof(base64url, base64, hex, base32, fc.uuid())

/** Messages as browsers, servers and libraries make them. */
const messages: readonly ((secret: string) => string)[] = [
  (secret) => `Unexpected token 'x', "${secret}" is not valid JSON`,
  (secret) => `Unexpected token 'x', "${secret}... is not valid JSON`,
  (secret) => `Failed to fetch 'https://music.example/api/tracks/${encodeURIComponent(secret)}'`,
  (secret) =>
    `Failed to fetch https://music.example/hls/${encodeURIComponent(secret)}/list.m3u8?q=${encodeURIComponent(secret)}`,
  (secret) => `GET /api/search?q=${encodeURIComponent(secret)} answered 500`,
  (secret) => `The title “${secret}” can't be stored`,
  (secret) => `can't store the title '${secret}'`,
]

describe('texts of errors', () => {
  test('a title in quotation marks or in a URL never appears', () => {
    fc.assert(
      fc.property(title, fc.constantFrom(...messages), (secret, messageOf) => {
        const text = errorText(new Error(messageOf(secret), { cause: new TypeError(messageOf(secret)) }))
        expect(text).not.toContain(secretPart)
        expect(text).not.toContain(encodeURIComponent(secretPart))
      }),
    )
  })
  test('a token, a key or an id never appears, in quotation marks or not', () => {
    const bare = (secret: string): string => `the session ${secret} has ended`
    fc.assert(
      fc.property(token, fc.constantFrom(...messages, bare), (secret, messageOf) => {
        const text = errorText(new Error(messageOf(secret)))
        expect(text).not.toContain(secret)
        // Not even a long part of it.
        for (let at = 0; at + 12 <= secret.length; at += 1) expect(text).not.toContain(secret.slice(at, at + 12))
      }),
    )
  })
  test('redacting twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.oneof(title, token, fc.string()), (text) => {
        expect(redactText(redactText(text))).toBe(redactText(text))
      }),
    )
  })
  test('name, code, route and plain words stay', () => {
    expect(errorText(new DOMException('The quota is exceeded', 'QuotaExceededError'))).toBe(
      'QuotaExceededError (22): The quota is exceeded',
    )
    expect(errorText(Object.assign(new Error('refused'), { code: 'not-ready' }))).toBe('Error (not-ready): refused')
    expect(redactText('GET https://music.example:8443/api/releases/abc234?x=1 failed')).toBe(
      'GET /api/releases/… failed',
    )
    expect(redactText('the state is offline-not-cached-here')).toBe('the state is offline-not-cached-here')
  })
  test('a value that is no error gives only its type', () => {
    expect(errorText('Secret title')).toBe('string')
    expect(errorText({ title: 'Secret title' })).toBe('object')
  })
})

describe('fields', () => {
  test('numbers, booleans and words of our own stay', () => {
    for (const value of [3, true, 'not-ready', 'aac-256', 'quota']) expect(redactField(value)).toBe(value)
  })
  test('a title or a token does not', () => {
    fc.assert(
      fc.property(fc.oneof(title, token), (secret) => {
        expect(redactField(secret)).toBe('…')
      }),
    )
  })
})
