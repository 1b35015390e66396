import {
  parseArtistId,
  parseRecordingId,
  parseReleaseId,
  parseServerId,
  parseTrackId,
  type EntryId,
} from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import { createCell } from '../cell.ts'
import { createMemoryDocuments } from '../documents/memory-documents.testkit.ts'
import { createPlaylists } from './create-playlists.ts'
import type { OpenPlaylist, PlaylistNode, Playlists } from './playlists.ts'

export const aServer = parseServerId('S'.repeat(22))
export const otherServer = parseServerId('T'.repeat(22))
const digits = 'abcdefghijklmnopqrstuvwxyz234567'
const idText = (number: number): string =>
  (
    digits.charAt(Math.floor(number / 1024) % 32) +
    digits.charAt(Math.floor(number / 32) % 32) +
    digits.charAt(number % 32)
  ).padEnd(26, 'a')

/** A track of the catalog, different for every number below 32,768. */
export const trackOf = (number: number, changes: Partial<Track> = {}): Track => ({
  id: parseTrackId(idText(number)),
  recordingId: parseRecordingId(idText(number)),
  title: `Song ${number}`,
  credits: [{ id: parseArtistId(idText(1)), name: 'Anna', join: '' }],
  release: { id: parseReleaseId(idText(2)), title: 'Release' },
  disc: 1,
  position: 1,
  durationMs: 200_000 + number,
  heads: { aac: '' },
  ...changes,
})
export const tracksOf = (count: number, first = 0): Track[] =>
  Array.from({ length: count }, (_, index) => trackOf(first + index))

/** Playlists over documents in memory and a catalog of the given tracks. */
export const createTestPlaylists = (catalog: readonly Track[] = []) => {
  const documents = createMemoryDocuments()
  const isOnline = createCell(true)
  const serverId = createCell<typeof aServer | undefined>(aServer)
  const requests: string[][] = []
  const clock = createManualClock()
  const playlists = createPlaylists({
    documents,
    account: createCell({ kind: 'ready', accountId: 'b'.repeat(52) } as never),
    serverId,
    isOnline,
    library: {
      tracksById: (ids) => {
        requests.push([...ids])
        return Promise.resolve({
          kind: 'ready',
          value: ids.flatMap((id) => catalog.find((track) => track.id === id) ?? []),
        })
      },
    },
    findCandidates: (reference) =>
      Promise.resolve(catalog.filter((track) => track.title === reference.title || track.isrc === reference.isrc)),
    clock,
    random: createSeededRandom(1),
    log: silentLog,
  })
  return { playlists, documents, isOnline, serverId, requests, clock }
}

/** The id of a new playlist. */
export const created = async (
  playlists: Playlists,
  tracks: readonly Track[] = [],
  title = 'Friday',
): Promise<EntryId> => {
  const result = await playlists.create({ title, tracks })
  if (result.kind !== 'created') throw new Error(result.kind)
  return result.id
}
export const openOf = (playlists: Playlists, id: EntryId): OpenPlaylist => {
  const state = playlists.playlist(id).get()
  if (state.kind !== 'open') throw new Error(state.kind)
  return state
}
/** The titles of the tracks, without "Song". */
export const songsOf = (playlists: Playlists, id: EntryId): string =>
  openOf(playlists, id)
    .entries.map(({ item }) => item?.track.title.replace('Song ', '') ?? '?')
    .join(' ')
export const idsOf = (playlists: Playlists, id: EntryId): EntryId[] =>
  openOf(playlists, id).entries.map((entry) => entry.id)

/** Folders with what is in them in brackets; `p` is a playlist. */
export const drawn = (playlists: Playlists): string => {
  const draw = (nodes: readonly PlaylistNode[]): string =>
    nodes.map((node) => (node.kind === 'folder' ? `${node.name}(${draw(node.children)})` : 'p')).join(' ')
  const tree = playlists.tree.get()
  return tree.kind === 'open' ? draw(tree.nodes) : tree.kind
}
