/** A coding that a recording can have. The renditions of one codec are its ladder: one manifest lists them. */
export type Codec = 'aac' | 'flac'

/** One rendition. Both codes are in stored and signed bytes: once given, a code never changes and is never given again. */
export type RenditionRow = {
  /** As manifests, stores, settings and HLS file names write it. */
  readonly name: string
  readonly codec: Codec
  /** What the encoder is set to, in bit/s. FLAC has no such setting: a typical value, used for ordering only. */
  readonly nominalBitrateBps: number
  /** One byte of what is hashed to a chunk's initialization vector (docs/formats.md, 3). */
  readonly ivCode: number
  /** One byte in front of a rendition in the manifest head (docs/formats.md, 4). */
  readonly headCode: number
}

/**
 * Every rendition there is: the only place that lists them. The order of the rows means nothing. To add one, add a row with unused codes and its
 * vectors; see docs/formats.md. A signed manifest head of 400 bytes holds three renditions: a fourth AAC row needs `maxSignedHeadBytes` raised.
 */
export const renditionRows = [
  { name: 'aac-64', codec: 'aac', nominalBitrateBps: 64_000, ivCode: 0, headCode: 1 },
  { name: 'aac-128', codec: 'aac', nominalBitrateBps: 128_000, ivCode: 1, headCode: 2 },
  { name: 'aac-256', codec: 'aac', nominalBitrateBps: 256_000, ivCode: 2, headCode: 3 },
  { name: 'flac', codec: 'flac', nominalBitrateBps: 1_000_000, ivCode: 3, headCode: 16 },
] as const satisfies readonly RenditionRow[]

type Row = (typeof renditionRows)[number]

/** The name of a rendition, as in `renditionRows`. */
export type RenditionName = Row['name']

/** The name of an AAC rendition: a quality that a person can choose. */
export type AacRenditionName = Extract<Row, { codec: 'aac' }>['name']

/** Looks rows up by name and by head code. */
export type RenditionTable<Name extends string = RenditionName> = {
  /** All names, by nominal bit rate, lowest first. */
  readonly names: readonly Name[]
  /** Throws a RangeError for a name that is not in the table. */
  readonly row: (name: Name) => RenditionRow
  /** Undefined for a code that no rendition has. */
  readonly nameOfHeadCode: (code: number) => Name | undefined
}

/** Throws a RangeError when two rows share a name or a code, or a code does not fit in a byte: two renditions must never share a vector. */
export const createRenditionTable = <Name extends string>(
  rows: readonly (RenditionRow & { readonly name: Name })[],
): RenditionTable<Name> => {
  for (const field of ['name', 'ivCode', 'headCode'] as const)
    if (new Set(rows.map((row) => row[field])).size !== rows.length)
      throw new RangeError(`two renditions share one ${field}`)
  if (rows.some((row) => !isByte(row.ivCode) || !isByte(row.headCode)))
    throw new RangeError('a rendition code is one byte')
  const byName = new Map(rows.map((row) => [row.name, row]))
  const byHeadCode = new Map(rows.map((row) => [row.headCode, row.name]))
  return {
    names: rows.toSorted((a, b) => a.nominalBitrateBps - b.nominalBitrateBps).map((row) => row.name),
    row: (name) => {
      const row = byName.get(name)
      if (row === undefined) throw new RangeError(`no rendition ${name}`)
      return row
    },
    nameOfHeadCode: (code) => byHeadCode.get(code),
  }
}

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255

/** The table of `renditionRows`. */
export const renditionTable: RenditionTable = createRenditionTable<RenditionName>(renditionRows)

/** All renditions, by nominal bit rate, lowest first: the order in which a manifest head lists those of one ladder. */
export const renditionNames = renditionTable.names

/** The codec of a rendition. */
export const codecOf = (name: RenditionName): Codec => renditionTable.row(name).codec

/** The nominal bit rate of a rendition, in bit/s. */
export const nominalBitrateOf = (name: RenditionName): number => renditionTable.row(name).nominalBitrateBps

/** Renditions of one ladder, by nominal bit rate, lowest first. */
export const renditionsOf = (codec: Codec): readonly RenditionName[] =>
  renditionNames.filter((name) => codecOf(name) === codec)

const isAac = (name: RenditionName): name is AacRenditionName => codecOf(name) === 'aac'

/** The AAC ladder, lowest bit rate first. */
export const aacRenditions: readonly AacRenditionName[] = renditionNames.filter(isAac)

const first = <Value>([value]: readonly Value[]): Value => {
  if (value === undefined) throw new RangeError('there is no AAC rendition')
  return value
}

/** The AAC rendition with the lowest bit rate. */
export const lowestAac: AacRenditionName = first(aacRenditions)

/** The AAC rendition with the highest bit rate. */
export const highestAac: AacRenditionName = first(aacRenditions.toReversed())
