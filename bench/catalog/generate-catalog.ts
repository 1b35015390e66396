import type { CreditName, SearchDocument } from '@tonestead/search-index/document'
import { coverTitle, fixedCoverActs, pickCoverAct } from './cover-acts.ts'
import { createInventor, type Inventor } from './invent-titles.ts'
import type { Names } from './names.ts'
import { createRandom, hashText, type Random } from './seeded-random.ts'

export type CatalogSize = { readonly name: string; readonly tracks: number }
export const catalogSizes: readonly CatalogSize[] = [
  { name: '10k', tracks: 10_000 },
  { name: '100k', tracks: 100_000 },
  { name: '1M', tracks: 1_000_000 },
]

type Credit = { readonly id: string; readonly name: string }
type Track = {
  readonly title: string
  readonly credits: readonly CreditName[]
  readonly popularity: number
  readonly year: number
  readonly durationMs: number
}
type Sources = {
  readonly random: Random
  readonly inventor: Inventor
  readonly names: Names
  readonly artists: readonly string[]
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** An id in the form of the catalog's: 26 characters of base32, the same for the same text. */
export const catalogId = (text: string): string => {
  let low = hashText(text)
  let high = hashText(text, 0x9747b28c)
  let id = ''
  for (let at = 0; at < 26; at += 1) {
    low = Math.imul(low ^ (low >>> 15), 0x2c1b3c6d) + high
    high = Math.imul(high ^ (high >>> 13), 0x297a2d39) + at
    id += base32.charAt(low >>> 27)
  }
  return id
}

/** Id and mean colour of a cover, in the form that the server writes for the index. */
const coverImage = (random: Random): string => {
  const part = (): string => (random.below(0x1000000) | 0x1000000).toString(16).slice(1)
  return `${Array.from({ length: 11 }, part).join('').slice(0, 64)}#${part()}`
}

const credit = (name: string): Credit => ({ id: catalogId(`artist ${name.toLowerCase()}`), name })
const creditLine = (names: readonly string[]): CreditName[] =>
  names.map((name, at) => ({
    ...credit(name),
    join: at === names.length - 1 ? '' : at === 0 && names.length > 2 ? ', ' : ' & ',
  }))

const version = (title: string, sources: Sources): string => {
  const { random } = sources
  const kind = random.next()
  if (kind < 0.3) return `${title} (Live)`
  if (kind < 0.6) return `${title} - Remastered ${1990 + random.below(35)}`
  if (kind < 0.85) return `${title} (${random.pick(sources.artists)} Remix)`
  return kind < 0.95 ? `${title} - Acoustic` : `${title} (Radio Edit)`
}

const allArtists = (names: Names, count: number, inventor: Inventor): string[] => {
  const artists = names.artists.slice(0, count)
  const seen = new Set(artists.map((name) => name.toLowerCase()))
  while (artists.length < count) {
    const name = inventor.artist()
    if (!seen.has(name.toLowerCase())) artists.push(name)
    seen.add(name.toLowerCase())
  }
  return artists
}

/** The number of tracks of each artist: popular artists have more; the sum is `tracks`. */
const tracksPerArtist = (artists: number, tracks: number): number[] => {
  const weights = Array.from({ length: artists }, (_, rank) => (rank + 50) ** -0.3)
  const perWeight = tracks / weights.reduce((sum, weight) => sum + weight, 0)
  // The part of a track that rounding down has left over.
  let owed = 0
  return weights.map((weight) => {
    owed += weight * perWeight
    const now = Math.floor(owed + 1e-6)
    owed -= now
    return now
  })
}

/** The tracks of an artist: real songs first, then invented ones; about one in sixteen is a version of the track before. */
function* tracksOf(rank: number, count: number, sources: Sources): Generator<Track> {
  const { random, inventor, names, artists } = sources
  const artist = artists[rank] ?? 'Nobody'
  const songs = names.songsOf.get(artist) ?? []
  let title = ''
  for (let at = 0; at < count; at += 1) {
    const again = at > 0 && random.chance(0.06)
    const song = again ? undefined : songs[at]
    if (!again) title = song?.title ?? inventor.title()
    const guests = song?.artists.slice(1, 4) ?? (random.chance(0.04) ? [random.pick(artists)] : [])
    const shown = again
      ? version(title, sources)
      : song === undefined && guests[0] !== undefined
        ? `${title} (feat. ${guests[0]})`
        : random.chance(0.03)
          ? `${title} - Remastered ${2000 + random.below(25)}`
          : title
    const popularity = Math.round(
      1e8 * (rank + 1) ** -0.8 * (at + 1) ** -0.7 * (0.5 + random.next()) * (again ? 0.3 : 1),
    )
    yield {
      title: shown,
      credits: creditLine([artist, ...guests]),
      popularity,
      year: song?.year ?? 1960 + random.below(67),
      durationMs: song?.durationMs ?? 90_000 + random.below(300_000),
    }
  }
}

type Release = {
  readonly title: string
  readonly credits: readonly CreditName[]
  readonly tracks: readonly Track[]
  readonly key: string
}

function* releaseDocuments(release: Release, random: Random): Generator<SearchDocument> {
  const ref = { id: catalogId(`release ${release.key}`), title: release.title }
  const shared = {
    image: coverImage(random),
    isPublic: random.chance(0.9),
    isLossless: random.chance(0.6),
    isInLibrary: false,
  }
  const popularity = release.tracks.reduce((most, track) => Math.max(most, track.popularity), 0)
  yield {
    ...shared,
    kind: 'release',
    id: ref.id,
    title: release.title,
    credits: release.credits,
    year: release.tracks[0]?.year,
    popularity,
  }
  for (const [at, track] of release.tracks.entries())
    yield { ...shared, ...track, kind: 'track', id: catalogId(`track ${at} ${release.key}`), release: ref }
}

const releaseTitle = (tracks: readonly Track[], artist: string, sources: Sources): string => {
  const first = tracks[0]?.title ?? artist
  const kind = sources.random.next()
  const album = sources.names.songsOf.get(artist)?.find((song) => song.title === first)?.album
  if (album !== undefined && album !== '') return album
  return kind < 0.15 ? artist : kind < 0.5 ? first : sources.inventor.title()
}

const artistDocument = (name: string, popularity: number): SearchDocument => ({
  kind: 'artist',
  id: credit(name).id,
  title: name,
  credits: [],
  popularity,
  isPublic: true,
  isLossless: false,
  isInLibrary: false,
})

/** Covers of an artist's first two tracks, by other acts: 1 % as popular, some 3 %. */
function* coversOf(artist: string, tracks: readonly Track[], sources: Sources): Generator<SearchDocument> {
  const { random } = sources
  let isNamed = false
  for (const [at, track] of tracks.slice(0, 2).entries()) {
    if (!random.chance(0.3)) continue
    const act = pickCoverAct(artist, random)
    const cover = {
      ...track,
      title: coverTitle(track.title, artist, random),
      credits: creditLine([act]),
      popularity: Math.round(track.popularity * (random.chance(0.2) ? 0.03 : 0.01)),
    }
    if (act.startsWith(artist) && !isNamed) yield artistDocument(act, cover.popularity)
    isNamed ||= act.startsWith(artist)
    yield* releaseDocuments(
      {
        title: random.chance(0.5) ? `Tribute to ${artist}` : cover.title,
        credits: cover.credits,
        tracks: [cover],
        key: `cover ${artist} ${at}`,
      },
      random,
    )
  }
}

function* cutIntoReleases(tracks: readonly Track[], artist: string, sources: Sources): Generator<SearchDocument> {
  for (let from = 0, part = 0; from < tracks.length; part += 1) {
    const to = from + (sources.random.chance(0.3) ? 1 : 3 + sources.random.below(12))
    const own = tracks.slice(from, to)
    yield* releaseDocuments(
      {
        title: releaseTitle(own, artist, sources),
        credits: creditLine([artist]),
        tracks: own,
        key: `${artist} ${part}`,
      },
      sources.random,
    )
    from = to
  }
}

/**
 * A catalog of `tracks` tracks (and about 1 % covers) with their artists and releases, always the same for the same names and seed. Popularity is a
 * number of plays, by Zipf's law over artists and over the songs of an artist. The most popular come first; documents are not held in memory.
 */
export function* generateCatalog({
  names,
  tracks,
  seed = 'catalog 1',
}: {
  readonly names: Names
  readonly tracks: number
  readonly seed?: string
}): Generator<SearchDocument> {
  const random = createRandom(`${seed} ${tracks}`)
  const inventor = createInventor(names, random)
  const artists = allArtists(names, Math.ceil(tracks / 12), inventor)
  const sources: Sources = { random, inventor, names, artists }
  const covered = Math.min(3000, artists.length / 4)
  for (const [rank, count] of tracksPerArtist(artists.length, tracks).entries()) {
    const artist = artists[rank] ?? 'Nobody'
    yield artistDocument(artist, Math.round(2e8 * (rank + 1) ** -0.8))
    const own = [...tracksOf(rank, count, sources)]
    yield* cutIntoReleases(own, artist, sources)
    if (rank < covered) yield* coversOf(artist, own, sources)
  }
  for (const act of fixedCoverActs) yield artistDocument(act, 50_000)
  for (let at = 0; at < tracks / 200; at += 1) {
    const owner = { ...credit('A listener'), join: '' }
    yield {
      kind: 'playlist',
      id: catalogId(`playlist ${at}`),
      title: inventor.title(),
      credits: [owner],
      popularity: random.below(2000),
      isPublic: true,
      isLossless: false,
      isInLibrary: false,
    }
  }
}
