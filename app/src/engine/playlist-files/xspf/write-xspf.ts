import { identifiersOf } from '../playlist-file.ts'
import type { WritablePlaylist } from '../playlist-file.ts'

/** [PF2] XSPF version 1. */
export const writeXspf = ({ title, entries }: WritablePlaylist): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<playlist version="1" xmlns="http://xspf.org/ns/0/">',
    ...elements('  ', [['title', title]]),
    '  <trackList>',
    ...entries.flatMap((entry) => [
      '    <track>',
      ...elements('      ', [
        ['location', entry.location],
        ...identifiersOf(entry).map((identifier) => ['identifier', identifier] as const),
        ['title', entry.title],
        ['creator', entry.artist],
        ['album', entry.album],
        ['duration', entry.durationMs?.toString()],
      ]),
      '    </track>',
    ]),
    '  </trackList>',
    '</playlist>',
    '',
  ].join('\n')

const elements = (indent: string, fields: readonly (readonly [string, string | undefined])[]): string[] =>
  fields.flatMap(([name, text]) => (text === undefined ? [] : [`${indent}<${name}>${escapeXml(text)}</${name}>`]))

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
