import { parseArtistId, parseRecordingId, parseReleaseId, parseTrackId, parseChunkId } from '@tonestead/crdt/ids'
import type { Artist, ArtistCredit, ArtistSummary, Release, ReleaseSummary, Track } from '@tonestead/protocol/catalog'

// A generated catalog, the same on every run: 1,700 releases, 20,000 tracks.

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const idOf = (kind: string, number: number): string => {
  let rest = number
  let text = ''
  for (let place = 0; place < 12; place += 1) {
    text = (alphabet[rest % 32] ?? 'a') + text
    rest = Math.floor(rest / 32)
  }
  return (kind + 'a'.repeat(26)).slice(0, 14) + text
}
const hexOf = (number: number): string => (number * 2_654_435_761).toString(16).padStart(64, '0').slice(-64)

/** Mulberry32. */
export const createDraw = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const firstWords =
  'River,Winter,Lantern,Orchard,Harbour,Meadow,Signal,Copper,Northern,Paper,Glass,Silver,Ember,Morning,Cedar,Quiet,Golden,Distant,Marble,Velvet,Salt,Amber,Hollow,Cloud,Iron,Linen,Tidal,Wild,Low,High'.split(
    ',',
  )
const secondWords =
  'Road,Light,Hours,Song,Garden,House,Letters,Bridge,Stone,Birds,Rooms,Weather,Field,Shore,Machine,Dance,Year,Window,Line,Fire,Country,Echo,Map,Thread,Station,Water,Parade,Night,Answer,Days'.split(
    ',',
  )
const people =
  'Anna Lindqvist,The Paper Lanterns,Moritz Feld,Choir of St Brigid,Ensemble Nordlys,Óscar Ibáñez,Low Tide Collective,Hanae Mori,Dawit Bekele,The Copper Kettles,Ágnes Varga,Quiet Machines,Fatima al-Rashid,Small Hours Trio,Björn & Vera,Luz Ferreira,The Meadow Hall Band,Nils Okonkwo,Sister Rivers,Glasshouse,Ravi Menon,Étoile Polaire,North Window,Kaya Demir'.split(
    ',',
  )

export type FakeCatalog = {
  readonly releases: readonly Release[]
  readonly artists: readonly Artist[]
  readonly tracks: readonly Track[]
}

const creditsOf = (draw: (below: number) => number, main: number): ArtistCredit[] => {
  const credit = (index: number, join: string): ArtistCredit => ({
    id: parseArtistId(idOf('art', index)),
    name: people[index] ?? '',
    join,
  })
  const guest = draw(people.length)
  return draw(9) === 0 && guest !== main ? [credit(main, ' feat. '), credit(guest, '')] : [credit(main, '')]
}

type GeneratedRelease = {
  readonly number: number
  readonly summary: ReleaseSummary
  readonly draw: (below: number) => number
  readonly main: number
}

const trackOf = ({ number, summary, draw, main }: GeneratedRelease, index: number): Track => {
  const serial = number * 100 + index
  const half = summary.trackCount > 16 ? Math.ceil(summary.trackCount / 2) : summary.trackCount
  return {
    id: parseTrackId(idOf('trk', serial)),
    recordingId: parseRecordingId(idOf('rec', serial)),
    title:
      draw(40) === 0
        ? 'Variations on a Theme that Somebody Whistled across the Water One Long Evening in Late September (Live)'
        : `${firstWords[draw(firstWords.length)] ?? ''} ${secondWords[draw(secondWords.length)] ?? ''}`,
    credits: creditsOf(draw, summary.type === 'compilation' ? draw(people.length) : main),
    release: { id: summary.id, title: summary.title, cover: summary.cover },
    disc: index < half ? 1 : 2,
    position: (index % half) + 1,
    durationMs: 90_000 + draw(300_000),
    heads: draw(3) === 0 ? { aac: '', flac: '' } : { aac: '' },
    waveform: parseChunkId(hexOf(serial + 1)),
  }
}

const releaseOf = (number: number): Release => {
  const draw = createDraw(number + 1)
  const main = number === 0 ? 4 : draw(people.length)
  const types = ['album', 'album', 'album', 'ep', 'single', 'compilation'] as const
  const type = number === 0 ? 'album' : (types[draw(types.length)] ?? 'album')
  const trackCount = number === 0 ? 8 : { album: 9 + draw(8), ep: 5, single: 2, compilation: 24 }[type]
  const summary: ReleaseSummary = {
    id: parseReleaseId(idOf('rel', number)),
    title:
      number === 0
        ? 'First Light: Seven Preludes and a Song'
        : `${firstWords[draw(firstWords.length)] ?? ''} ${secondWords[draw(secondWords.length)] ?? ''}`,
    credits: creditsOf(draw, main),
    type,
    year: 1962 + draw(64),
    cover: draw(6) === 0 ? undefined : { id: parseChunkId(hexOf(number + 7)), color: '#4b5563' },
    trackCount,
    durationMs: 0,
    isPublic: number === 0,
    addedAt: 1_795_000_000_000 - number * 3_600_000,
  }
  const tracks = Array.from({ length: trackCount }, (_, index) => trackOf({ number, summary, draw, main }, index))
  return {
    ...summary,
    label: number % 3 === 0 ? 'Meadow Hall Records' : undefined,
    durationMs: tracks.reduce((sum, track) => sum + track.durationMs, 0),
    tracks,
    ...(number === 2 ? { unreachable: tracks.slice(0, 2).map((track) => track.id) } : {}),
  }
}

const summaryOf = (release: Release): ReleaseSummary =>
  ({ ...release, tracks: undefined, label: undefined, unreachable: undefined }) as ReleaseSummary

const byName = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

export const createFakeCatalog = (releaseCount = 1_700): FakeCatalog => {
  const releases = Array.from({ length: releaseCount }, (_, number) => releaseOf(number))
  const tracks = releases.flatMap((release) => release.tracks).toSorted((a, b) => byName.compare(a.title, b.title))
  const artists = people.map((name, index): Artist => {
    const id = parseArtistId(idOf('art', index))
    const own = releases.filter((release) => release.credits.some((credit) => credit.id === id))
    return {
      id,
      name,
      releaseCount: own.length,
      trackCount: own.reduce((sum, release) => sum + release.trackCount, 0),
      cover: own.find((release) => release.cover !== undefined)?.cover,
      releases: own.slice(0, 40).map(summaryOf),
      tracks: own.slice(0, 3).flatMap((release) => release.tracks.slice(0, 4)),
    }
  })
  return { releases, tracks, artists: releaseCount === 0 ? [] : artists.filter((artist) => artist.releaseCount > 0) }
}

export const releaseSummaries = (catalog: FakeCatalog, sort: 'name' | 'recent'): ReleaseSummary[] => {
  const summaries = catalog.releases.map(summaryOf)
  return sort === 'recent' ? summaries : summaries.toSorted((a, b) => byName.compare(a.title, b.title))
}
export const artistSummaries = (catalog: FakeCatalog): ArtistSummary[] =>
  catalog.artists
    .map((artist): ArtistSummary => ({
      id: artist.id,
      name: artist.name,
      releaseCount: artist.releaseCount,
      trackCount: artist.trackCount,
      cover: artist.cover,
    }))
    .toSorted((a, b) => byName.compare(a.name, b.name))
