import { readRealNames } from './real-names.ts'
import { makeNames } from './made-names.ts'

/** A song that exists: the first artist is whose it is. */
export type Song = {
  readonly title: string
  readonly artists: readonly string[]
  readonly album: string
  readonly weight: number
  readonly year: number | undefined
  readonly durationMs: number | undefined
}

/** What catalogs are recombined from. `artists` are in order of popularity, each once. */
export type Names = {
  readonly source: 'catalogue' | 'synthesized'
  readonly artists: readonly string[]
  readonly songsOf: ReadonlyMap<string, readonly Song[]>
  readonly titles: readonly string[]
}

/** The real names beside the repository (or in TONESTEAD_CATALOGUE), else a vocabulary that is wholly made up: figures from that are not the stated levels'. */
export const findNames = async (): Promise<Names> => (await readRealNames()) ?? makeNames('made-up names')
