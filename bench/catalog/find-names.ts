import { makeNames } from './made-names.ts'
import type { Names } from './names.ts'
import { readRealNames } from './real-names.ts'

/**
 * The real names from the folder in TONESTEAD_CATALOGUE (or shared/catalogue beside the repository). Without them a made-up vocabulary, whose figures
 * must not be compared with the stated levels.
 */
export const findNames = async (): Promise<Names> => (await readRealNames()) ?? makeNames('made-up names')
