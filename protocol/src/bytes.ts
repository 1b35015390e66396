// Byte strings: the few conversions that every format here is made of. All integers are big-endian.

/** Bytes over memory of our own, which is what WebCrypto and fetch take. */
export type Bytes = Uint8Array<ArrayBuffer>

const base32Alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

export const concat = (...parts: readonly Uint8Array[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

/** Four-character codes and the like: one byte a character. */
export const latin1 = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0))

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

/** Reads an unsigned integer; throws a RangeError past the end or above 2^53. */
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

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const fromHex = (text: string): Bytes => {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new TypeError('not lowercase hexadecimal')
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export const toBase64Url = (bytes: Uint8Array): string => {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export const fromBase64Url = (text: string): Bytes => {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new TypeError('not base64url')
  return latin1(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
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

/** Refuses characters outside the alphabet and a last character with bits that no encoder writes. */
export const fromBase32 = (text: string): Bytes => {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text) {
    const value = base32Alphabet.indexOf(character)
    if (value < 0) throw new TypeError('not lowercase base32')
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 255)
    }
    held &= (1 << bits) - 1
  }
  if (held !== 0 || bits >= 5) throw new TypeError('not canonical base32')
  return Uint8Array.from(bytes)
}
