import type { Random } from './seeded-random.ts'

export const fixedCoverActs = [
  'Karaoke All Stars',
  'The Tribute Band',
  'Piano Cover Project',
  'Studio Allstars',
  'Sing Along Stars',
  'The Karaoke Channel',
  'Lullaby Players',
  'String Quartet Tributes',
  'Party Hit Kings',
  'Acoustic Covers Club',
  'Workout Remix Team',
  'The Backing Track Company',
  'Instrumental Hits Orchestra',
  'Ringtone Heroes',
  'Music Box Mania',
  '8 Bit Universe Players',
]
const acts = new Set(fixedCoverActs)

/** A name that plays other people's songs: never what a query of the bench means. */
export const isCoverAct = (name: string): boolean => acts.has(name) || / Tribute Band$/.test(name)

export const pickCoverAct = (artist: string, random: Random): string =>
  random.chance(0.15) ? `${artist} Tribute Band` : random.pick(fixedCoverActs)

/** How such acts name what they play: often just as the song is called, which is what makes it hard. */
export const coverTitle = (title: string, artist: string, random: Random): string => {
  const kind = random.next()
  if (kind < 0.4) return title
  if (kind < 0.6) return `${title} (Karaoke Version)`
  if (kind < 0.8) return `${title} (In the Style of ${artist})`
  return kind < 0.9 ? `${title} (Tribute to ${artist})` : `${title} (Originally Performed by ${artist}) [Instrumental]`
}
