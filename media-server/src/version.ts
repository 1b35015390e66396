import { readFileSync } from 'node:fs'
import { z } from 'zod'

const rootPackage: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** The version of Tonestead. It stands in the root package.json only. */
export const version = z.object({ version: z.string() }).parse(rootPackage).version
