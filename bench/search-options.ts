import { parseArgs } from 'node:util'
import { catalogSizes, type CatalogSize } from './catalogue/generate-catalog.ts'
import { halves, queryKinds, type Half, type QueryKind } from './catalogue/query.ts'

export type SearchOptions = {
  readonly sizes: readonly CatalogSize[]
  readonly half: Half
  readonly queries: number
  readonly show: QueryKind | undefined
  readonly peers: readonly string[] | undefined
}

const oneOf = <T extends string>(what: string, allowed: readonly T[], text: string): T => {
  const found = allowed.find((one) => one === text)
  if (found === undefined) throw new RangeError(`${what} is one of: ${allowed.join(', ')}`)
  return found
}

/** `--size 10k,1M --half reported --queries 500 --show "one typo" --peers flexsearch,fts5`. `--json` is for printRows. */
export const readSearchOptions = (defaults: { readonly size: string }): SearchOptions => {
  const { values } = parseArgs({
    options: {
      size: { type: 'string' },
      half: { type: 'string' },
      queries: { type: 'string' },
      show: { type: 'string' },
      peers: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const names = (values.size ?? defaults.size).split(',').map((name) =>
    oneOf(
      '--size',
      catalogSizes.map((size) => size.name),
      name,
    ),
  )
  return {
    sizes: catalogSizes.filter((size) => names.includes(size.name)),
    half: oneOf('--half', halves, values.half ?? 'reported'),
    queries: Number(values.queries ?? 500),
    show: values.show === undefined ? undefined : oneOf('--show', queryKinds, values.show),
    peers: values.peers?.split(',').filter((name) => name !== ''),
  }
}
