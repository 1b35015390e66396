// Queries as people type them, and the expected best hit. The catalog is invented around real names.
import { describe, expect, it } from 'vitest'
import type { SearchDocument } from './document.ts'
import { foldText } from './text/fold.ts'
import { createSearchIndex } from './search-index.ts'

type More = Partial<Pick<SearchDocument, 'popularity' | 'release' | 'aliases' | 'year'>>
let count = 0
const shared = { popularity: 0, isPublic: true, isLossless: false, isInLibrary: false }

function artist(name: string, more: More = {}): SearchDocument {
  return { ...shared, kind: 'artist', id: `a${count++}`, title: name, credits: [], ...more }
}

function track(title: string, by: string, more: More = {}): SearchDocument {
  return { ...shared, kind: 'track', id: `t${count++}`, title, credits: [{ id: by, name: by, join: '' }], ...more }
}

const names = [
  ...[
    'AC/DC',
    'Beyoncé',
    'Sigur Rós',
    'Motörhead',
    'P!nk',
    'Ke$ha',
    "Guns N' Roses",
    'blink-182',
    '椎名林檎',
    'Мумий Тролль',
    '!!!',
    'deadmau5',
    'R.E.M.',
    'Simon & Garfunkel',
    'Hüsker Dü',
  ],
  ...[
    'Metallica',
    'Megadeth',
    'Sugarcubes',
    'Pinkfong',
    'Björk',
    'The Beatles',
    'The The',
    'Röyksopp',
    'A$AP Rocky',
    '방탄소년단',
    'Die Ärzte',
    'Rag’n’Bone Man',
    'U2',
    'Ed Sheeran',
    'ABBA',
    'Queen',
  ],
]
const tracks = [
  track('T.N.T.', 'AC/DC', { popularity: 500 }),
  track('TNT (Live)', 'AC/DC', { popularity: 900 }),
  track('Thunderstruck', 'AC/DC', { popularity: 1_000 }),
  track('Sugar Cane', 'Space Project', { popularity: 3 }),
  track('Sugarcane', 'Camidoh', { popularity: 40 }),
  track('Sugar', 'Maroon 5', { popularity: 90_000 }),
  track('Candy Cane Lane', 'Sia', { popularity: 9_000 }),
  track('Halo', 'Beyoncé', { popularity: 5_000, release: { id: 'r1', title: 'I Am… Sasha Fierce' } }),
  track('Halo (Karaoke Version)', 'Sing It Now', { popularity: 20_000 }),
  track('Halo (Made Famous by Beyoncé)', 'Cover Nation', { popularity: 20_000 }),
  track('Halo (Beyoncé Cover)', 'A Girl With a Piano', { popularity: 20_000 }),
  track('Halo', 'The Beyoncé Tribute Band', { popularity: 20_000 }),
  track('Halo (Live)', 'Beyoncé', { popularity: 6_000 }),
  track('Halo (Club Remix)', 'Beyoncé', { popularity: 6_000 }),
  track('Halo', 'Depeche Mode', { popularity: 400 }),
  track('Live and Let Die', 'Wings', { popularity: 800 }),
  track('Live and Let Die', 'Guns N’ Roses', { popularity: 700 }),
  track('Sweet Child O’ Mine', 'Guns N’ Roses', { popularity: 9_000 }),
  track('All the Small Things', 'blink-182', { popularity: 9_000 }),
  track('丸ノ内サディスティック', '椎名林檎', { popularity: 300 }),
  track('Владивосток 2000', 'Мумий Тролль', { popularity: 300 }),
  track('Ghosts ’n’ Stuff', 'deadmau5', { popularity: 300 }),
  track('÷', 'Ed Sheeran', { popularity: 100 }),
  track('Dancing Queen', 'ABBA', { popularity: 9_000 }),
  track('Bohemian Rhapsody', 'Queen', { popularity: 9_500 }),
  track('Bohemian Rhapsody (Originally Performed by Queen) [Instrumental]', 'Karaoke All Stars', {
    popularity: 90_000,
  }),
  track('With or Without You', 'U2', { popularity: 9_000 }),
]
/** The popularity of an artist is the sum of its tracks'. */
const playsOf = (name: string) =>
  tracks
    .filter(({ credits }) => foldText(credits[0]?.name ?? '') === foldText(name))
    .reduce((sum, { popularity }) => sum + popularity, 100)
const index = createSearchIndex([...names.map((name) => artist(name, { popularity: playsOf(name) })), ...tracks])

/** The best hit of all, as "title" or "title / artist". */
function best(text: string, isComplete = false): string {
  const { top } = index.search({ text, isComplete })
  return top === undefined ? 'nothing' : [top.title, ...top.credits.map(({ name }) => name)].join(' / ')
}

const firstTrack = (text: string) =>
  index
    .search({ text, kinds: ['track'] })
    .groups.track.hits.map(({ title, credits }) => `${title} / ${credits[0]?.name ?? ''}`)[0]

describe('a search finds first', () => {
  it.each([
    ['beyonce', 'Beyoncé'],
    ['Beyonce ', 'Beyoncé'],
    ['sigur ros', 'Sigur Rós'],
    ['motorhead', 'Motörhead'],
    ['pink', 'P!nk'],
    ['P!nk', 'P!nk'],
    ['kesha', 'Ke$ha'],
    ['acdc', 'AC/DC'],
    ['ac dc', 'AC/DC'],
    ['ac/dc', 'AC/DC'],
    ['guns n roses', "Guns N' Roses"],
    ['guns and roses', "Guns N' Roses"],
    ['guns & roses', "Guns N' Roses"],
    ['blink 182', 'blink-182'],
    ['blink182', 'blink-182'],
    ['椎名林檎', '椎名林檎'],
    ['林檎', '椎名林檎'],
    ['мумий тролль', 'Мумий Тролль'],
    ['мумии тро', 'Мумий Тролль'],
    ['!!!', '!!!'],
    ['deadmau5', 'deadmau5'],
    ['rem', 'R.E.M.'],
    ['simon and garfunkel', 'Simon & Garfunkel'],
    ['husker du', 'Hüsker Dü'],
    ['royksopp', 'Röyksopp'],
    ['asap rocky', 'A$AP Rocky'],
    ['방탄', '방탄소년단'],
    ['방탄소년다', '방탄소년단'],
    ['die arzte', 'Die Ärzte'],
    ['rag n bone man', 'Rag’n’Bone Man'],
    ['beatles', 'The Beatles'],
    ['u2', 'U2'],
  ])('the artist, for %j', (text, name) => {
    expect(best(text)).toBe(name)
  })

  it.each([
    ['tnt', 'T.N.T. / AC/DC'],
    ['T.N.T.', 'T.N.T. / AC/DC'],
    ['t.n.t', 'T.N.T. / AC/DC'],
    ['sugar cane', 'Sugar Cane / Space Project'],
    ['sugarcane', 'Sugarcane / Camidoh'],
    ['sugar cane camidoh', 'Sugarcane / Camidoh'],
    ['sugarcane space project', 'Sugar Cane / Space Project'],
    ['÷', '÷ / Ed Sheeran'],
    ['ghosts n stuff', 'Ghosts ’n’ Stuff / deadmau5'],
    ['丸ノ内サディスティック', '丸ノ内サディスティック / 椎名林檎'],
    ['丸ノ内', '丸ノ内サディスティック / 椎名林檎'],
  ])('the track, for %j', (text, name) => {
    expect(best(text)).toBe(name)
  })

  it.each([
    'halo beyonce',
    'beyonce halo',
    'halo by beyonce',
    'halo - beyoncé',
    'Beyonce Halo official video',
    'halo sasha fierce beyonce',
  ])('[SR2] a track by title and artist, for %j', (text) => {
    expect(best(text, true)).toBe('Halo / Beyoncé')
  })

  it('[SR5] the original before karaoke, covers, tributes, live versions and remixes, even if those are more popular', () => {
    expect(firstTrack('halo')).toBe('Halo / Beyoncé')
    expect(firstTrack('bohemian rhapsody')).toBe('Bohemian Rhapsody / Queen')
    expect(firstTrack('bohemian rapsody queen')).toBe('Bohemian Rhapsody / Queen')
  })

  it('[SR5] another version when the query names it', () => {
    expect(firstTrack('halo karaoke')).toBe('Halo (Karaoke Version) / Sing It Now')
    expect(firstTrack('halo live')).toBe('Halo (Live) / Beyoncé')
    expect(firstTrack('halo beyonce remix')).toBe('Halo (Club Remix) / Beyoncé')
    expect(firstTrack('live and let die')).toBe('Live and Let Die / Wings')
    expect(firstTrack('live and let die guns n roses')).toBe('Live and Let Die / Guns N’ Roses')
  })

  it.each([
    ['netallica', 'Metallica'],
    ['etallica', 'Metallica'],
    ['mettalica', 'Metallica'],
    ['emtallica', 'Metallica'],
    ['meagdeth', 'Megadeth'],
    ['beyonxe', 'Beyoncé'],
    ['geyonce', 'Beyoncé'],
    ['bohemain rapsody', 'Bohemian Rhapsody / Queen'],
    ['thubderstruck', 'Thunderstruck / AC/DC'],
    ['dacning quen', 'Dancing Queen / ABBA'],
    ['swet child o mine', 'Sweet Child O’ Mine / Guns N’ Roses'],
  ])('the intended document in spite of typos, for %j', (text, name) => {
    expect(best(text)).toBe(name)
  })

  it.each([
    ['beyonxe', 'beyoncé'],
    ['bohemain rapsody', 'bohemian rhapsody'],
    ['Mettalica live', undefined],
    ['acdc', 'ac dc'],
    ['year:1800-2100 bohemain', undefined],
    ['artist:queen Bohemain rhapsody ', 'artist:queen bohemian rhapsody '],
    ['방탄소년담', '방탄소년단'],
    ['beyonxe 椎名林檎', undefined],
    ['beyonce', undefined],
  ])('and gives for %j the correction %j', (text, correction) => {
    expect(index.search({ text }).correction).toBe(correction)
  })

  it('[SR4] an exact name before similar ones', () => {
    expect(best('queen')).toBe('Queen')
    expect(best('quee')).toBe('Queen')
    expect(best('abba')).toBe('ABBA')
  })

  it('[SR3] the same document after each letter from the fourth on', () => {
    for (const [text, name] of [
      ['metallica', 'Metallica'],
      ['guns n roses', "Guns N' Roses"],
      ['thunderstruck', 'Thunderstruck / AC/DC'],
      ['with or without you', 'With or Without You / U2'],
    ] as const)
      for (let length = 4; length <= text.length; length++)
        expect(best(text.slice(0, length)), text.slice(0, length)).toBe(name)
  })
})

describe('a match as typed', () => {
  const titles = createSearchIndex([
    artist('Ozart', { popularity: 2 }),
    track('Mozart in the House', 'Waldo de los Ríos', { popularity: 1 }),
    track('Hello', 'Adele', { popularity: 500 }),
    track('He Loves U Not', 'Dream', { popularity: 900 }),
  ])
  const first = (text: string) => titles.search({ text }).groups.track.hits[0]?.title

  it('[SL1] comes before a correction, even if the correction would match a whole title', () => {
    const { top } = titles.search({ text: 'mozart' })
    expect(top?.title).toBe('Mozart in the House')
    expect(top?.match).toBe('exact')
  })

  it('[SL1] one word with a typo comes before two joined words of which the last is a prefix', () => {
    expect(first('helo')).toBe('Hello')
    expect(first('helov')).toBe('He Loves U Not')
  })
})
