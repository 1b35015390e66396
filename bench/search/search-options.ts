import { catalogSizes, type CatalogSize } from '../catalog/generate-catalog.ts'
import { halves, type Half } from '../catalog/query.ts'
import { parseCount, parseList, type OptionSpec } from '../runner/bench-options.ts'

export type CatalogOptions = {
  readonly sizes: readonly CatalogSize[]
  readonly half: Half
  /** Of each kind. */
  readonly queries: number
}

const sizeNames = catalogSizes.map(({ name }) => name)

export const sizeOption = (value: string): OptionSpec => ({
  about: `tracks in the catalog: ${sizeNames.join(', ')}`,
  value,
  short: '10k',
})

/** What the benchmarks of search have in common. */
export const catalogOptions = (sizes: string) => ({
  size: sizeOption(sizes),
  half: { about: 'half of the queries: tuning, reported', value: 'reported' },
  queries: { about: 'queries of each kind', value: '500', short: '50' },
})

export const parseSizes = (text: string): readonly CatalogSize[] => {
  const names = parseList('size', sizeNames, text)
  return catalogSizes.filter(({ name }) => names.includes(name))
}

export const parseCatalogOptions = (values: Readonly<Record<'size' | 'half' | 'queries', string>>): CatalogOptions => ({
  sizes: parseSizes(values.size),
  half: parseList('half', halves, values.half)[0] ?? 'reported',
  queries: parseCount('queries', values.queries),
})
