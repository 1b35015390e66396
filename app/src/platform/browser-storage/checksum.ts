const polynomial = 0xedb88320
const table = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ polynomial : value >>> 1
  return value
})

/** CRC-32 (IEEE 802.3) of the parts, one after the other. It finds accidental damage, not malice. */
export const crc32 = (...parts: readonly Uint8Array[]): number => {
  let sum = 0xffffffff
  for (const part of parts) for (const byte of part) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 255] ?? 0)
  return (sum ^ 0xffffffff) >>> 0
}
