// Fill elements (ISO/IEC 14496-3, table 4.11): id 110, count in 4 bits, from 15 on one escape byte more, then the payload, here EXT_FILL with zeros.

const fillId = 0b110
const endId = 0b111
/** Payload bytes of one element: 4 bits of count, with the escape 14 + 255. */
const largestPlain = 14
const largestEscaped = 269

/**
 * [ST9] Lengthens the AAC frame at `offset` (one raw_data_block of `frameBytes`) to `slotBytes` in place: fill elements are written over its ID_END, and a new ID_END after them.
 * The bytes after the frame must be zero. Throws a RangeError when the frame does not fit or has no ID_END.
 */
export const padFrame = (bytes: Uint8Array, frame: { offset: number; frameBytes: number; slotBytes: number }): void => {
  const { offset, frameBytes, slotBytes } = frame
  if (frameBytes > slotBytes) throw new RangeError('the frame is larger than its slot')
  if (frameBytes === slotBytes) return
  const base = offset * 8
  let bit = endPosition(bytes, offset, frameBytes) - 3
  const end = base + slotBytes * 8
  for (let room = end - bit - 3; room > 7; room = end - bit - 3) {
    const count = fillCount(room)
    bit = writeFill(bytes, bit, count)
  }
  writeBits(bytes, bit, { value: endId, length: 3 })
}

/** The payload bytes of the largest element that fits into the room (in bits). */
const fillCount = (room: number): number => {
  const escaped = Math.floor((room - 15) / 8)
  return escaped > largestPlain ? Math.min(escaped, largestEscaped) : Math.min(largestPlain, Math.floor((room - 7) / 8))
}

const writeFill = (bytes: Uint8Array, start: number, count: number): number => {
  let bit = writeBits(bytes, start, { value: fillId, length: 3 })
  bit = writeBits(bytes, bit, { value: Math.min(count, 15), length: 4 })
  if (count > largestPlain) bit = writeBits(bytes, bit, { value: count - largestPlain, length: 8 })
  return bit + count * 8
}

/** The bit after ID_END: after the last one-bit, since only alignment zeros follow it. */
const endPosition = (bytes: Uint8Array, offset: number, frameBytes: number): number => {
  for (let index = offset + frameBytes - 1; index >= offset; index -= 1) {
    const byte = bytes[index] ?? 0
    if (byte !== 0) return index * 8 + 8 - (31 - Math.clz32(byte & -byte))
  }
  throw new RangeError('a frame without an end')
}

const writeBits = (bytes: Uint8Array, start: number, bits: { value: number; length: number }): number => {
  for (let place = 0; place < bits.length; place += 1) {
    const at = start + place
    const mask = 128 >> (at & 7)
    const isSet = ((bits.value >> (bits.length - 1 - place)) & 1) === 1
    bytes[at >> 3] = isSet ? (bytes[at >> 3] ?? 0) | mask : (bytes[at >> 3] ?? 0) & ~mask
  }
  return start + bits.length
}
