import { fromBase64Url, fromHex, isBase64UrlOf, toHex } from '../../bytes.ts'
import type { SigningJwk } from '../../device-log.ts'

// Ed25519 as strict as RFC 8032, 5.1.7, the same on every platform. Verifiers differ in what they accept beyond that ("Taming the many EdDSAs", 2020,
// table 6c), and a signature that counts on one replica and not on another would split a log. What they differ in is refused before they are asked:
// S from the group order on, a y coordinate from p on, points of small order. WebCrypto prescribes the equation without cofactor for the rest.

/** The order of the group: 2^252 + 27742317777372353535851937790883648493, little-endian. */
const groupOrder = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')
/** The prime of the field: 2^255 − 19, little-endian. */
const fieldPrime = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')
/** The y coordinates of the eight points of small order, little-endian. With either sign of x (the highest bit) they are refused. */
const smallOrderY: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4, both signs
  '0100000000000000000000000000000000000000000000000000000000000000', // order 1
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8, both signs
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8, both signs
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2
])

/** Compares numbers of 32 bytes, little-endian. */
const isBelow = (value: Uint8Array, limit: Uint8Array): boolean => {
  for (let index = 31; index >= 0; index -= 1) {
    const [own = 0, other = 0] = [value[index], limit[index]]
    if (own !== other) return own < other
  }
  return false
}

/** Is this the canonical encoding of a y coordinate, and not of a point of small order? Says nothing about whether a point has this y. */
const isStrictPoint = (point: Uint8Array): boolean => {
  const y = new Uint8Array(point)
  y[31] = (y[31] ?? 0) & 127
  return isBelow(y, fieldPrime) && !smallOrderY.has(toHex(y))
}

/** May the key sign? False for another length, a non-canonical encoding (of the point, or of base64url), and a point of small order. */
export const isStrictSigningKey = (key: SigningJwk): boolean =>
  isBase64UrlOf(key.x, 32) && isStrictPoint(fromBase64Url(key.x))

/** May this be a signature? R ‖ S, 64 bytes: R canonical and not of small order, S below the group order. */
export const isStrictSignature = (signature: Uint8Array): boolean =>
  signature.length === 64 && isStrictPoint(signature.subarray(0, 32)) && isBelow(signature.subarray(32), groupOrder)
