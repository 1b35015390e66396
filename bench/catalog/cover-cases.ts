import type { SearchDocument } from '@tonestead/search-index/document'
import { catalogId } from './generate-catalog.ts'

type Cover = readonly [title: string, act: string, share: number]
/** An original and its imitations. Someone who types `query` means the original. `share`: popularity of the imitation ÷ that of the original. */
type CoverCase = {
  readonly query: string
  readonly title: string
  readonly artist: string
  readonly plays: number
  readonly covers: readonly Cover[]
}

const song = (
  query: string,
  [title, artist, plays]: readonly [string, string, number],
  ...covers: readonly Cover[]
): CoverCase => ({ query, title, artist, plays, covers })
/** A case about names: neither the original nor its imitations have a title. */
const name = (
  query: string,
  [artist, plays]: readonly [string, number],
  ...acts: readonly (readonly [string, number])[]
): CoverCase => ({ query, title: '', artist, plays, covers: acts.map(([act, share]) => ['', act, share]) })

/** Real songs and artists with invented imitations. A case is solved when the first track (for names: the first artist) is the original's. */
export const coverCases: readonly CoverCase[] = [
  song(
    'bohemian rhapsody',
    ['Bohemian Rhapsody - Remastered 2011', 'Queen', 2e7],
    ['Bohemian Rhapsody', 'Karaoke All Stars', 0.02],
    ['Bohemian Rhapsody (Tribute to Queen)', 'The Tribute Band', 0.05],
  ),
  song(
    'bohemian rhapsody queen',
    ['Bohemian Rhapsody - Remastered 2011', 'Queen', 2e7],
    ['Bohemian Rhapsody (In the Style of Queen)', 'Karaoke All Stars', 0.02],
    ['Bohemian Rhapsody', 'Queen Tribute Band', 0.01],
  ),
  song(
    'bohemain rapsody',
    ['Bohemian Rhapsody - Remastered 2011', 'Queen', 2e7],
    ['Bohemian Rhapsody (Karaoke Version)', 'Karaoke All Stars', 0.02],
  ),
  song(
    'smells like teen spirit',
    ['Smells Like Teen Spirit', 'Nirvana', 1.5e7],
    ['Smells Like Teen Spirit', 'Piano Cover Project', 0.1],
    ['Smells Like Teen Spirit (Karaoke Version)', 'The Karaoke Channel', 0.01],
  ),
  song(
    'smells like teen spirit nirvana',
    ['Smells Like Teen Spirit', 'Nirvana', 1.5e7],
    ['Smells Like Teen Spirit (Originally Performed by Nirvana) [Instrumental]', 'The Backing Track Company', 0.02],
  ),
  song(
    'nirvana smels like teen',
    ['Smells Like Teen Spirit', 'Nirvana', 1.5e7],
    ['Smells Like Teen Spirit (In the Style of Nirvana)', 'Karaoke All Stars', 0.02],
  ),
  song(
    'yesterday',
    ['Yesterday - Remastered 2009', 'The Beatles', 9e6],
    ['Yesterday', 'The Tribute Band', 0.05],
    ['Yesterday', 'Karaoke All Stars', 0.01],
    ['Yesterday', 'String Quartet Tributes', 0.03],
  ),
  song(
    'yesterday beatles',
    ['Yesterday - Remastered 2009', 'The Beatles', 9e6],
    ['Yesterday (Tribute to The Beatles)', 'The Tribute Band', 0.05],
  ),
  song(
    'hey jude',
    ['Hey Jude - Remastered 2015', 'The Beatles', 8e6],
    ['Hey Jude', 'Beatles Tribute Band', 0.05],
    ['Hey Jude (Karaoke Version)', 'Sing Along Stars', 0.02],
  ),
  song(
    'billie jean',
    ['Billie Jean', 'Michael Jackson', 1.8e7],
    ['Billie Jean', 'Workout Remix Team', 0.05],
    ['Billie Jean (Karaoke Version)', 'Karaoke All Stars', 0.02],
  ),
  song(
    'michael jackson billie jean',
    ['Billie Jean', 'Michael Jackson', 1.8e7],
    ['Billie Jean (In the Style of Michael Jackson)', 'Karaoke All Stars', 0.05],
  ),
  song(
    'rolling in the deep',
    ['Rolling in the Deep', 'Adele', 1.4e7],
    ['Rolling in the Deep', 'Acoustic Covers Club', 0.1],
    ['Rolling in the Deep (Originally Performed by Adele)', 'The Backing Track Company', 0.02],
  ),
  song(
    'roling in the deep',
    ['Rolling in the Deep', 'Adele', 1.4e7],
    ['Rolling in the Deep', 'Acoustic Covers Club', 0.1],
  ),
  song(
    'adele someone like you',
    ['Someone Like You', 'Adele', 1.3e7],
    ['Someone Like You (Adele Cover)', 'Piano Cover Project', 0.1],
  ),
  song(
    'shape of you',
    ['Shape of You', 'Ed Sheeran', 2.5e7],
    ['Shape of You', 'Party Hit Kings', 0.02],
    ['Shape of You (Piano Version)', 'Piano Cover Project', 0.05],
  ),
  song(
    'hotel california',
    ['Hotel California - 2013 Remaster', 'Eagles', 1.2e7],
    ['Hotel California', 'Instrumental Hits Orchestra', 0.05],
    ['Hotel California', 'Eagles Tribute Band', 0.03],
  ),
  song(
    'hotel californa eagles',
    ['Hotel California - 2013 Remaster', 'Eagles', 1.2e7],
    ['Hotel California', 'Eagles Tribute Band', 0.03],
  ),
  song(
    'stairway to heaven',
    ['Stairway to Heaven - Remaster', 'Led Zeppelin', 9e6],
    ['Stairway to Heaven', 'String Quartet Tributes', 0.05],
    ['Stairway to Heaven (Lullaby Version)', 'Lullaby Players', 0.02],
  ),
  song(
    'imagine',
    ['Imagine - Remastered 2010', 'John Lennon', 1e7],
    ['Imagine', 'The Tribute Band', 0.05],
    ['Imagine', 'Piano Cover Project', 0.05],
    ['Imagine (Karaoke Version)', 'The Karaoke Channel', 0.01],
  ),
  song(
    'dancing queen',
    ['Dancing Queen', 'ABBA', 1.5e7],
    ['Dancing Queen', 'ABBA Tribute Band', 0.08],
    ['Dancing Queen (Karaoke Version)', 'Karaoke All Stars', 0.02],
  ),
  song(
    'abba dancing queen',
    ['Dancing Queen', 'ABBA', 1.5e7],
    ['Dancing Queen', 'ABBA Tribute Band', 0.08],
    ['ABBA Medley: Dancing Queen', 'Party Hit Kings', 0.05],
  ),
  song('dancin quen', ['Dancing Queen', 'ABBA', 1.5e7], ['Dancing Queen', 'Party Hit Kings', 0.1]),
  song(
    'hallelujah',
    ['Hallelujah', 'Jeff Buckley', 8e6],
    ['Hallelujah', 'String Quartet Tributes', 0.03],
    ['Hallelujah (Instrumental)', 'Piano Cover Project', 0.1],
  ),
  song(
    'wonderwall',
    ['Wonderwall - Remastered', 'Oasis', 1.4e7],
    ['Wonderwall', 'Acoustic Covers Club', 0.1],
    ['Wonderwall (In the Style of Oasis) [Karaoke Version]', 'Karaoke All Stars', 0.03],
  ),
  song(
    'wonderwall oasis',
    ['Wonderwall - Remastered', 'Oasis', 1.4e7],
    ['Wonderwall (In the Style of Oasis) [Karaoke Version]', 'Karaoke All Stars', 0.03],
  ),
  song(
    'blinding lights',
    ['Blinding Lights', 'The Weeknd', 3e7],
    ['Blinding Lights', 'Workout Remix Team', 0.05],
    ['Blinding Lights', '8 Bit Universe Players', 0.01],
  ),
  song(
    'bad guy',
    ['bad guy', 'Billie Eilish', 2e7],
    ['Bad Guy', 'Studio Allstars', 0.03],
    ['Bad Guy (8-Bit Version)', '8 Bit Universe Players', 0.02],
  ),
  song(
    'wake me up before you go go',
    ['Wake Me Up Before You Go-Go', 'Wham!', 9e6],
    ['Wake Me Up Before You Go Go', 'Party Hit Kings', 0.05],
  ),
  song(
    'zombie cranberries',
    ['Zombie', 'The Cranberries', 1e7],
    ['Zombie (Tribute to The Cranberries)', 'The Tribute Band', 0.05],
    ['Zombie', 'The Cranberries Tribute Band', 0.02],
  ),
  song(
    'let it be',
    ['Let It Be - Remastered 2009', 'The Beatles', 8e6],
    ['Let It Be', 'Music Box Mania', 0.03],
    ['Let It Be', 'Karaoke All Stars', 0.02],
  ),
  song(
    'my heart will go on',
    ['My Heart Will Go On (Love Theme from "Titanic")', 'Céline Dion', 9e6],
    ['My Heart Will Go On', 'Instrumental Hits Orchestra', 0.05],
    ['My Heart Will Go On', 'Ringtone Heroes', 0.02],
  ),
  song(
    'celine dion my heart will go on',
    ['My Heart Will Go On (Love Theme from "Titanic")', 'Céline Dion', 9e6],
    ['My Heart Will Go On (In the Style of Celine Dion)', 'Karaoke All Stars', 0.05],
  ),
  song(
    'like a virgin',
    ['Like a Virgin', 'Madonna', 7e6],
    ['Like a Virgin', 'Party Hit Kings', 0.05],
    ['Like a Virgin (Karaoke Version)', 'Sing Along Stars', 0.02],
  ),
  song(
    'enter sandman',
    ['Enter Sandman', 'Metallica', 1e7],
    ['Enter Sandman', 'String Quartet Tributes', 0.05],
    ['Enter Sandman (Lullaby Version)', 'Lullaby Players', 0.03],
  ),
  song(
    'despacito',
    ['Despacito', 'Luis Fonsi', 2.2e7],
    ['Despacito', 'Party Hit Kings', 0.03],
    ['Despacito (Karaoke Version)', 'The Karaoke Channel', 0.01],
  ),
  song(
    'take on me',
    ['Take on Me', 'a-ha', 1.1e7],
    ['Take on Me', 'The Tribute Band', 0.05],
    ['Take on Me', 'Acoustic Covers Club', 0.1],
  ),
  name('queen', ['Queen', 2e7], ['Queen Tribute Band', 0.05], ['The Queen Karaoke Band', 0.02]),
  name('abba', ['ABBA', 1.5e7], ['ABBA Tribute Band', 0.1], ['ABBA Karaoke Stars', 0.02]),
  name('beatles', ['The Beatles', 2e7], ['Beatles Tribute Band', 0.1], ['The Beatles Revival Band', 0.05]),
  name('pink floid', ['Pink Floyd', 1.2e7], ['Pink Floyd Tribute Band', 0.1]),
  name('metalica', ['Metallica', 1.2e7], ['Metallica Tribute Band', 0.1]),
  name('led zep', ['Led Zeppelin', 1e7], ['Led Zeppelin Tribute Band', 0.1], ['Led Zepagain', 0.05]),
]

const artistDocument = (title: string, popularity: number): SearchDocument => ({
  kind: 'artist',
  id: catalogId(`artist ${title.toLowerCase()}`),
  title,
  credits: [],
  popularity,
  isPublic: true,
  isLossless: false,
  isInLibrary: false,
})

const trackDocument = (
  [title, artist]: readonly [string, string],
  popularity: number,
  release: string,
): SearchDocument => ({
  ...artistDocument(title, popularity),
  kind: 'track',
  id: catalogId(`case ${title} ${artist}`),
  credits: [{ id: catalogId(`artist ${artist.toLowerCase()}`), name: artist, join: '' }],
  release: { id: catalogId(`case release ${release} ${artist}`), title: release },
  year: 2000,
  durationMs: 240_000,
})

/** The documents of all cases, each once, to be added to any catalog. An artist that the catalog has too gets the same id. */
export const coverCaseDocuments = (): SearchDocument[] => {
  const documents = new Map<string, SearchDocument>()
  const put = (document: SearchDocument): void => void documents.set(document.kind + document.id, document)
  for (const { title, artist, plays, covers } of coverCases) {
    put(artistDocument(artist, plays))
    if (title !== '') put(trackDocument([title, artist], plays, title))
    for (const [coverTitle, act, share] of covers) {
      put(artistDocument(act, title === '' ? plays * share : 50_000))
      if (coverTitle !== '') put(trackDocument([coverTitle, act], plays * share, `Tribute to ${artist}`))
    }
  }
  return [...documents.values()]
}
