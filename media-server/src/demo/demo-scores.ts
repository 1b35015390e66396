import type { Instrument, Score, ScoreNote } from './score.ts'

const letters: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }

/** The MIDI number of a note name such as "F#4"; middle C is C4 = 60. */
const pitchOf = (name: string): number => {
  const [letter = '', sharp = ''] = name
  return (letters[letter] ?? 0) + (sharp === '#' ? 1 : 0) + 12 * (Number(name.at(-1)) + 1)
}

type Voice = {
  readonly instrument: Instrument
  readonly force: number
  readonly from?: number
  /** Factor by which a note sounds longer than written. */ readonly hold?: number
}

/** Parses notes of the form "name:beats"; "-" is a rest, and names joined by "+" are a chord. */
const line = (text: string, voice: Voice): ScoreNote[] => {
  const notes: ScoreNote[] = []
  let at = voice.from ?? 0
  for (const item of text.trim().split(/\s+/)) {
    const [names = '-', length = '1'] = item.split(':')
    const beats = Number(length)
    if (names !== '-')
      for (const name of names.split('+'))
        notes.push({
          at,
          beats: beats * (voice.hold ?? 1),
          pitch: pitchOf(name),
          force: voice.force,
          instrument: voice.instrument,
        })
    at += beats
  }
  return notes
}

/** J. S. Bach, Prelude in C major, BWV 846 (1722): its first eleven bars. Each bar is one chord, played twice as the same arpeggio. */
const bachBars = [
  'C4 E4 G4 C5 E5',
  'C4 D4 A4 D5 F5',
  'B3 D4 G4 D5 F5',
  'C4 E4 G4 C5 E5',
  'C4 E4 A4 E5 A5',
  'C4 D4 F#4 A4 D5',
  'B3 D4 G4 D5 G5',
  'B3 C4 E4 G4 C5',
  'A3 C4 E4 G4 C5',
  'D3 A3 D4 F#4 C5',
  'G3 B3 D4 G4 B4',
]
const bachOrder = [0, 1, 2, 3, 4, 2, 3, 4]
const bach = (): ScoreNote[] => {
  const broken = bachBars.flatMap((bar, barIndex) =>
    [...bachOrder, ...bachOrder].map((tone, index): ScoreNote => {
      const name = bar.split(' ')[tone] ?? 'C4'
      const isBass = tone < 2
      return {
        at: barIndex * 4 + index / 4,
        beats: isBass ? 2 - (index % 8) / 4 : 0.9,
        pitch: pitchOf(name),
        force: (isBass ? 0.62 : 0.5) + (index % 8 === 0 ? 0.08 : 0),
        instrument: 'piano',
      }
    }),
  )
  return [...broken, ...line('C3+G3+C4+E4+G4+C5:4', { instrument: 'piano', force: 0.5, from: bachBars.length * 4 })]
}

/** L. van Beethoven, the theme of joy from the Ninth Symphony (1824). */
const joyA = 'F#4:1 F#4:1 G4:1 A4:1 A4:1 G4:1 F#4:1 E4:1 D4:1 D4:1 E4:1 F#4:1'
const joyB = 'E4:1 E4:1 F#4:1 D4:1 E4:1 F#4:.5 G4:.5 F#4:1 D4:1 E4:1 F#4:.5 G4:.5 F#4:1 E4:1 D4:1 E4:1 A3:2'
const joyBass = 'D3+A3:4 A2+E3:4 B2+F#3:4'
const joy = (): ScoreNote[] => [
  ...line(`${joyA} F#4:1.5 E4:.5 E4:2 ${joyA} E4:1.5 D4:.5 D4:2 ${joyB} ${joyA} E4:1.5 D4:.5 D4:2`, {
    instrument: 'reed',
    force: 0.5,
    hold: 0.94,
  }),
  ...line(
    `${joyBass} D3+A3:2 A2+E3:2 ${joyBass} A2+G3:2 D3+F#3:2 A2+E3:2 D3+A3:2 A2+C#3:2 B2+F#3:2 A2+C#3:2 F#2+D3:2 B2+E3:2 A2+E3:2 ${joyBass} A2+G3:2 D3+F#3:2`,
    { instrument: 'plucked', force: 0.55, hold: 1.3 },
  ),
]

/** J. Pachelbel, Canon in D (about 1690): three voices over a repeated bass, each entering after the one before. */
const ground = 'D3:1 A2:1 B2:1 F#2:1 G2:1 D2:1 G2:1 A2:1'
const canonFirst = 'F#5:1 E5:1 D5:1 C#5:1 B4:1 A4:1 B4:1 C#5:1'
const canonSecond = 'D5:1 C#5:1 B4:1 A4:1 G4:1 F#4:1 G4:1 E4:1'
const canonThird = 'D5:.5 F#5:.5 A5:.5 G5:.5 F#5:.5 D5:.5 F#5:.5 E5:.5 D5:.5 B4:.5 D5:.5 A5:.5 G5:.5 B5:.5 A5:.5 G5:.5'
const canonEnd = 'F#5:4'
const canon = (): ScoreNote[] => [
  ...line(`${ground} ${ground} ${ground} ${ground} D2+D3:4`, { instrument: 'plucked', force: 0.6, hold: 1.6 }),
  ...line(`${canonFirst} ${canonSecond} ${canonThird} ${canonEnd}`, {
    instrument: 'piano',
    force: 0.48,
    from: 8,
    hold: 1.25,
  }),
  ...line(`${canonFirst} ${canonSecond} A4:4`, { instrument: 'plucked', force: 0.5, from: 16, hold: 1.8 }),
  ...line(`${canonFirst} D4:4`, { instrument: 'reed', force: 0.3, from: 24, hold: 0.98 }),
]

/** E. Satie, first Gymnopédie (1888): its first twenty bars. */
const swaying = 'G2:1 B3+D4+F#4:2 D2:1 A3+C#4+F#4:2'
const gymnopedieTune = '-:1 F#5:1 A5:1 G5:1 F#5:1 C#5:1 B4:1 C#5:1 D5:1 A4:3 F#4:12'
const gymnopedie = (): ScoreNote[] => [
  ...line(Array.from({ length: 10 }, () => swaying).join(' '), { instrument: 'piano', force: 0.36, hold: 1.7 }),
  ...line(`${gymnopedieTune} ${gymnopedieTune}`, { instrument: 'piano', force: 0.56, from: 12, hold: 1.1 }),
]

export const demoScores: readonly Score[] = [
  {
    file: '01 - Prelude in C major.wav',
    title: 'Prelude in C major, BWV 846 (opening)',
    composer: 'Johann Sebastian Bach',
    year: 1722,
    beatsPerMinute: 72,
    notes: bach(),
  },
  {
    file: '02 - Ode to Joy.wav',
    title: 'Ode to Joy',
    composer: 'Ludwig van Beethoven',
    year: 1824,
    beatsPerMinute: 116,
    notes: joy(),
  },
  {
    file: '03 - Canon in D.wav',
    title: 'Canon in D (opening)',
    composer: 'Johann Pachelbel',
    year: 1690,
    beatsPerMinute: 58,
    notes: canon(),
  },
  {
    file: '04 - Gymnopedie No. 1.wav',
    title: 'Gymnopédie No. 1 (opening)',
    composer: 'Erik Satie',
    year: 1888,
    beatsPerMinute: 76,
    notes: gymnopedie(),
  },
]
