// Conversions between bytes and text or integers, for all formats of this workspace. Integers are big-endian.

/** Bytes over an ArrayBuffer (never a SharedArrayBuffer), which WebCrypto and fetch require. */
export type Bytes = Uint8Array<ArrayBuffer>

const base32Alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** One new array with the bytes of all parts, in order. */
export const concat = (...parts: readonly Uint8Array[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** The text in UTF-8. */
export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

/** One byte for each character, for ASCII text such as four-character codes. A character above U+00FF loses its high bits. */
export const latin1 = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** An unsigned integer, big-endian, in `sizeBytes` bytes. Throws a RangeError when it does not fit or is no safe integer. */
export const uint = (value: number, sizeBytes: 1 | 2 | 3 | 4 | 6 | 8): Bytes => {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * sizeBytes))
    throw new RangeError(`${value} does not fit in ${sizeBytes} bytes`)
  const bytes = new Uint8Array(sizeBytes)
  for (let index = sizeBytes - 1, rest = value; index >= 0; index -= 1) {
    bytes[index] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

/** Reads an unsigned integer, big-endian. Throws a RangeError past the end of `bytes`, and for an integer above 2^53 − 1. */
export const readUint = (bytes: Uint8Array, offset: number, sizeBytes: 1 | 2 | 3 | 4 | 6 | 8): number => {
  let value = 0
  for (let index = 0; index < sizeBytes; index += 1) {
    const byte = bytes[offset + index]
    if (byte === undefined) throw new RangeError('read past the end')
    value = value * 256 + byte
  }
  if (!Number.isSafeInteger(value)) throw new RangeError('integer above 2^53')
  return value
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lowercase hexadecimal, two characters for each byte. */
export const toHex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += hexPairs[byte] ?? ''
  return text
}

/** Parses lowercase hexadecimal. Throws a TypeError on anything else. */
export const fromHex = (text: string): Bytes => {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new TypeError('not lowercase hexadecimal')
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** base64url without padding (RFC 4648, 5). */
export const toBase64Url = (bytes: Uint8Array): string => {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Parses base64url without padding. Throws a TypeError on characters outside the alphabet; `atob` throws on a wrong length. */
export const fromBase64Url = (text: string): Bytes => {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new TypeError('not base64url')
  return latin1(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
}

/** Is the text the base64url of this many bytes, without padding, unused bits zero? Then these bytes have no other text. */
export const isBase64UrlOf = (text: string, sizeBytes: number): boolean => {
  if (text.length !== Math.ceil((sizeBytes * 4) / 3) || !/^[A-Za-z0-9_-]*$/.test(text)) return false
  const unused = [/$/, /[AQgw]$/, /[AEIMQUYcgkosw048]$/][sizeBytes % 3]
  return unused?.test(text) ?? false
}

/** RFC 4648 base32, lowercase, without padding: 16 bytes give 26 characters, 32 bytes give 52. */
export const toBase32 = (bytes: Uint8Array): string => {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32Alphabet.charAt((held >> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + base32Alphabet.charAt((held << (5 - bits)) & 31)
}

/** By ASCII code: the value of a character, or -1. */
const base32Values = Int8Array.from({ length: 128 }, (_, code) => base32Alphabet.indexOf(String.fromCharCode(code)))

/** Parses what `toBase32` writes. Throws a TypeError on other characters, and on unused bits that are not zero. */
export const fromBase32 = (text: string): Bytes => {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let length = 0
  let bits = 0
  let held = 0
  for (let index = 0; index < text.length; index += 1) {
    const value = base32Values[text.charCodeAt(index)] ?? -1
    if (value < 0) throw new TypeError('not lowercase base32')
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[length] = (held >> bits) & 255
      length += 1
    }
    held &= (1 << bits) - 1
  }
  if (held !== 0 || bits >= 5) throw new TypeError('not canonical base32')
  return bytes
}
