import { createHash } from 'node:crypto'

const digits = 'abcdefghijklmnopqrstuvwxyz234567'
const words =
  'love night blue river home dance summer heart rain light dream road fire moon time golden lost city wild song'.split(
    ' ',
  )

/** What an entry of a playlist holds beside its id: the same content for every peer, another one for each id. */
export const sampleEntry = (id: string) => {
  const hash = createHash('sha512').update(id).digest()
  const idOf = (from: number): string =>
    Array.from({ length: 25 }, (_, at) => digits.charAt((hash[from + at] ?? 0) % 32)).join('') + 'a'
  const wordsOf = (from: number, count: number): string =>
    Array.from({ length: count }, (_, at) => words[(hash[from + at] ?? 0) % words.length]).join(' ')
  return {
    addedAt: 1_800_000_000_000 + hash.readUInt32BE(0),
    track: {
      serverId: 'S'.repeat(22),
      trackId: idOf(0),
      recordingId: idOf(10),
      title: wordsOf(40, 4),
      credits: [{ name: wordsOf(50, 2), join: '' }],
      release: { id: idOf(20), title: wordsOf(44, 3) },
      durationMs: 120_000 + hash.readUInt16BE(8),
    },
  }
}
