export type Instrument = 'piano' | 'plucked' | 'reed'

/** `at` and `beats` count beats; `pitch` is a MIDI note number; `force` from 0 to 1. */
export type ScoreNote = {
  readonly at: number
  readonly beats: number
  readonly pitch: number
  readonly force: number
  readonly instrument: Instrument
}
export type Score = {
  readonly file: string
  readonly title: string
  readonly composer: string
  readonly year: number
  readonly beatsPerMinute: number
  readonly notes: readonly ScoreNote[]
}

export type Stereo = { readonly left: Float32Array; readonly right: Float32Array }
