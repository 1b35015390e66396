import { entryOf, fileLimits, readIdentifiers, textOf, type FileEntry } from '../playlist-file.ts'
import type { ReadFormat } from '../read-format.ts'
import { readXml } from './read-xml.ts'

/** Identifiers of one track that are looked at. */
const mostIdentifiers = 20

type Fields = { readonly texts: Map<string, string>; readonly identifiers: string[] }

/** [PF1] [PF5] Reads XSPF version 1 (xspf.org). */
export const readXspf = (source: string): ReadFormat => {
  const entries: FileEntry[] = []
  const path: string[] = []
  let root: string | undefined
  let title: string | undefined
  let leftOut = 0
  let text = ''
  let fields: Fields = { texts: new Map(), identifiers: [] }
  const fault = readXml(source, {
    onOpen: (name) => {
      root ??= name
      path.push(name)
      text = ''
      if (path.join('/') === trackPath) fields = { texts: new Map(), identifiers: [] }
    },
    onText: (part) => {
      if (text.length <= fileLimits.locationUnits) text += part.slice(0, fileLimits.locationUnits + 1)
    },
    onClose: (name) => {
      const place = path.join('/')
      path.pop()
      if (place === 'playlist/title') title = textOf(text)
      else if (place === trackPath && entries.length < fileLimits.entries) entries.push(entryOfFields(fields))
      else if (place === trackPath) leftOut += 1
      else if (place.startsWith(`${trackPath}/`) && path.length === 3) keep(fields, name, text)
    },
  })
  if (root !== undefined && root !== 'playlist') return { kind: 'not-a-playlist' }
  if (fault !== undefined) return { kind: 'broken' }
  return { kind: 'read', leftOut, playlist: { ...(title === undefined ? {} : { title }), entries } }
}

const trackPath = 'playlist/trackList/track'

/** Of several locations the first one is meant to be tried first. */
const keep = ({ texts, identifiers }: Fields, name: string, text: string): void => {
  if (name === 'identifier' && identifiers.length < mostIdentifiers) identifiers.push(text.trim())
  else if (fieldNames.has(name) && !texts.has(name)) texts.set(name, text)
}

const fieldNames: ReadonlySet<string> = new Set(['location', 'title', 'creator', 'album', 'duration'])

const entryOfFields = ({ texts, identifiers }: Fields): FileEntry =>
  entryOf({
    location: texts.get('location'),
    title: texts.get('title'),
    artist: texts.get('creator'),
    album: texts.get('album'),
    durationMs: /^\s*\d{1,10}\s*$/.test(texts.get('duration') ?? '') ? Number(texts.get('duration')) : undefined,
    ...readIdentifiers(identifiers),
  })
