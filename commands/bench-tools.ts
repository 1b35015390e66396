import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ToolName } from './find-tools.ts'

const benchTools: readonly ToolName[] = ['chromium', 'ffmpeg', 'nginx']

/** The tools of a benchmark; none for a name that no benchmark has. */
export const findBenchTools = async (name: string): Promise<ToolName[]> =>
  readBenchTools(await readFile(join(import.meta.dirname, '..', 'bench', `${name}.bench.ts`), 'utf8').catch(() => ''))

/** Reads them from the source, because importing a benchmark runs it: `requiredTools: ['chromium'], peerTools: ['nginx']`. */
export const readBenchTools = (source: string): ToolName[] => {
  const named = [...source.matchAll(/\b(?:requiredTools|peerTools): \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'([^']*)'/g)].map(([, tool = '']) => tool),
  )
  const unknown = named.filter((tool) => !benchTools.some((known) => known === tool))
  if (unknown.length > 0) throw new Error(`no command finds the tools ${unknown.join(', ')}`)
  return benchTools.filter((tool) => named.includes(tool))
}
