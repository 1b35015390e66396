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

/** Whether the name is of an act that plays other people's songs. No query of the benchmark means such an act. */
export const isCoverAct = (name: string): boolean => acts.has(name) || / Tribute Band$/.test(name)

export const pickCoverAct = (artist: string, random: Random): string =>
  random.chance(0.15) ? `${artist} Tribute Band` : random.pick(fixedCoverActs)

/** The title that such an act gives a song. Often it is the title of the original, which makes ranking hard. */
export const coverTitle = (title: string, artist: string, random: Random): string => {
  const kind = random.next()
  if (kind < 0.4) return title
  if (kind < 0.6) return `${title} (Karaoke Version)`
  if (kind < 0.8) return `${title} (In the Style of ${artist})`
  return kind < 0.9 ? `${title} (Tribute to ${artist})` : `${title} (Originally Performed by ${artist}) [Instrumental]`
}
