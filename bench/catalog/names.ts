/** A song that exists. The first artist is the one whose song it is. */
export type Song = {
  readonly title: string
  readonly artists: readonly string[]
  readonly album: string
  /** How popular the source says it is. */
  readonly weight: number
  readonly year: number | undefined
  readonly durationMs: number | undefined
}

/** What generated catalogs are combined from. `artists` are in order of popularity, each once. */
export type Names = {
  readonly source: 'catalogue' | 'synthesized'
  readonly artists: readonly string[]
  /** By the artist's name. */
  readonly songsOf: ReadonlyMap<string, readonly Song[]>
  readonly titles: readonly string[]
}
