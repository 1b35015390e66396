import { utf8, type Bytes } from '../../bytes.ts'
import { FormatError } from './byte-reader.ts'

// Canonical JSON after RFC 8785 (JCS): keys sorted by UTF-16 units, no whitespace, strings and integers as JSON.stringify writes them. Members that are
// undefined are left out. Only integers, strings, booleans, arrays and objects occur.

/** A value in canonical JSON, as UTF-8. */
export const writeCanonicalJson = (value: unknown): Bytes => utf8(JSON.stringify(sorted(value)))

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  )
}

/** More than any JSON of these formats has: levels of arrays and objects, and commas between members. */
const maxDepth = 8
const maxCommas = 4_096
const codes = { quote: 0x22, comma: 0x2c, backslash: 0x5c }
/** How the depth changes at `[`, `]`, `{` and `}`. */
const depthChange: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x5d, -1],
  [0x7b, 1],
  [0x7d, -1],
])

/** Throws a FormatError on JSON that is deep or has very many members: 256 KiB of brackets take JSON.parse and zod a tenth of a second. */
const requireSmallStructure = (bytes: Bytes): void => {
  let depth = 0
  let commas = 0
  let isInString = false
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes[index] ?? 0
    if (isInString && code === codes.backslash) index += 1
    else if (code === codes.quote) isInString = !isInString
    else if (!isInString) {
      depth += depthChange.get(code) ?? 0
      if (code === codes.comma) commas += 1
    }
    if (depth > maxDepth || commas > maxCommas) throw new FormatError('a smaller structure of JSON')
  }
}

/** Parses JSON in UTF-8. Throws a FormatError. The caller checks the shape, and compares the bytes with `writeCanonicalJson` of the result. */
export const parseJson = (bytes: Bytes): unknown => {
  requireSmallStructure(bytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (error) {
    throw new FormatError('JSON in UTF-8', { cause: error })
  }
}

/** Are the bytes the same? In time that depends on where they differ: not for secrets. */
export const isSame = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}
