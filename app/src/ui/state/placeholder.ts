/** FNV-1a, 32 bits: the same title has the same colour on every device. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0
  return value
}

/** Replaces a missing cover: up to two initials, and a hue in degrees. */
export const placeholderOf = (title: string): { initials: string; hue: number } => {
  const words = title.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []
  const initials = words.slice(0, 2).map((word) => Array.from(word)[0]?.toLocaleUpperCase() ?? '')
  return { initials: initials.join('') || '♪', hue: hash(title) % 360 }
}
