import type { AccountView } from '../../engine/account/account.ts'
import type { IngestView } from '../../engine/ingest/ingest-monitor.ts'
import type { Services } from '../../engine/services.ts'
import { settingsSchema, type Settings } from '../../engine/settings/settings.ts'
import { createFakePlaylists } from './fake-playlists.testkit.ts'
import { createUnavailableDocuments } from '../../engine/documents/unavailable-documents.ts'
import { createMemoryDocuments } from '../../engine/documents/memory-documents.testkit.ts'
import type { UploadRow, UploadState, Uploads } from '../../engine/uploads/uploads.ts'
import { refusals, type IngestItem, type RefusalCode } from '@tonestead/protocol/ingest'
import { silentLog } from '../../platform/system/silent-log.ts'
import { createStore } from '../state/store.ts'
import { createFakeCatalog } from './fake-catalog.testkit.ts'
import { createFakeDevices } from './fake-devices.testkit.ts'
import { createFakeMembership } from './fake-membership.testkit.ts'
import { createFakePeople } from './fake-people.testkit.ts'
import { createFakePlaylistImport } from './fake-playlist-import.testkit.ts'
import { createFakeSaved } from './fake-saved.testkit.ts'
import { createFakeHistory } from './fake-history.testkit.ts'
import { createFakeLibrary, type FakeLibraryMode } from './fake-library.testkit.ts'
import { createFakeSearch, type FakeSearch, type FakeSearchOptions } from '../../engine/search/fake-search.testkit.ts'
import { createFakePlayback } from './fake-playback-devices.testkit.ts'
import { createFakePlayer, type FakePlayer } from './fake-player.testkit.ts'
import { ownSearchDocumentsOf, searchDocumentsOf } from './search-documents.testkit.ts'

/** The situations that stories show; the parameter `state` of stories.html chooses one. */
export const situations = [
  'ready',
  'visitor',
  'empty',
  'loading',
  'offline',
  'failing',
  'insecure',
  'storage',
  'administrator',
  'unindexed',
  'removed',
] as const
export type Situation = (typeof situations)[number]

export type FakeServices = Services & {
  readonly player: FakePlayer
  readonly search: FakeSearch
  goOnline(isOnline: boolean): void
}

/** offline: this device has an index. unindexed: it has none yet. */
const hasNetwork = (situation: Situation): boolean => situation !== 'offline' && situation !== 'unindexed'

const accountId = 'k4w2mzq7hs5tjn3pyb6vdr4xgc2fqe7ualok3ihwz5ntm6sybpdj'
const viewOf = (situation: Situation): AccountView => {
  if (situation === 'insecure') return { kind: 'unavailable', reason: 'insecure-context' }
  if (situation === 'storage') return { kind: 'unavailable', reason: 'storage-refused' }
  const isAdministrator = situation === 'administrator' || situation === 'empty'
  return {
    kind: 'ready',
    accountId,
    deviceId: accountId.split('').toReversed().join(''),
    rights: isAdministrator ? ['listen', 'upload', 'publish', 'administer'] : situation === 'visitor' ? [] : ['listen'],
    serverName: 'Meadow House',
    isClaimed: situation !== 'visitor',
    isOnline: hasNetwork(situation),
    isRemoved: situation === 'removed',
  }
}

const failures: readonly [string, RefusalCode, string?][] = [
  ['Rips/Kitchen tape/side b.wav', 'truncated', 'The header promises 41 min 12 s, the file holds 17 min 3 s.'],
  ['Downloads/setlist.m3u8', 'playlist'],
  ['Old drive/Trio 1987/04 - Evening.mp3', 'damaged', 'First unreadable frame at 0:42.'],
  ['Field recordings/pond-all-night.flac', 'too-long', '14 h 6 min'],
  ['Old drive/cover.mp3', 'not-audio'],
]
const itemsOf = (): IngestItem[] => [
  ...failures.map(([name, code, detail], index): IngestItem => ({
    id: `f${index}`,
    name,
    state: { kind: 'refused', code, ...refusals[code], detail },
  })),
  { id: 'w1', name: 'Choir/Spring concert/07 - Locus iste.flac', state: { kind: 'working', step: 'encoding' } },
  { id: 'w2', name: 'Choir/Spring concert/08 - Ubi caritas.flac', state: { kind: 'working', step: 'probing' } },
]
const ingestOf = (situation: Situation): IngestView => {
  if (!hasNetwork(situation)) return { kind: 'offline' }
  if (situation !== 'administrator' && situation !== 'empty') return { kind: 'hidden' }
  const none = {
    found: 0,
    waiting: 0,
    working: 0,
    playable: 0,
    complete: 0,
    refused: 0,
    withdrawn: 0,
    unreachable: 0,
    held: 0,
    beingRepaired: 0,
    lost: 0,
    estimatedBytes: 0,
    freeBytes: 212e9,
  }
  return situation === 'empty'
    ? { kind: 'watching', summary: none, items: [] }
    : {
        kind: 'watching',
        summary: {
          ...none,
          found: 1_840,
          waiting: 620,
          working: 2,
          playable: 1_213,
          complete: 890,
          refused: 5,
          held: 3,
          estimatedBytes: 61.4e9,
        },
        items: itemsOf(),
      }
}

const uploadsOf = (situation: Situation): UploadRow[] => {
  const states: readonly [string, number, UploadState][] = [
    ['Downloads/setlist.m3u8', 2_400, { kind: 'received' }],
    ['Choir/Spring concert/08 - Ubi caritas.flac', 41_300_000, { kind: 'received' }],
    ['Old drive/concert, all of it.wav', 3_900_000_000, { kind: 'failed', ...refusals['too-large'], mayRetry: false }],
    ['Choir/Spring concert/09 - Abendlied.flac', 38_800_000, { kind: 'sending', percent: 62 }],
    ['Choir/Spring concert/10 - Denn er hat seinen Engeln befohlen über dir.flac', 52_100_000, { kind: 'waiting' }],
  ]
  return situation === 'administrator'
    ? states.map(([name, sizeBytes, state], id) => ({
        id,
        name,
        sizeBytes,
        isPublic: name.startsWith('Choir/'),
        state,
      }))
    : []
}
const fakeUploads = (situation: Situation): Uploads => {
  const view = createStore<readonly UploadRow[]>(uploadsOf(situation))
  return {
    view,
    add: (files, { isPublic }) => {
      view.change((rows) => [
        ...rows,
        ...files.map(({ name, sizeBytes }, index): UploadRow => ({
          id: rows.length + index + 10,
          name,
          sizeBytes,
          isPublic,
          state: { kind: 'waiting' },
        })),
      ])
      return Promise.resolve({ leftOut: 0 })
    },
    retry: (id) =>
      view.change((rows) => rows.map((row) => (row.id === id ? { ...row, state: { kind: 'waiting' } } : row))),
    remove: (id) => view.change((rows) => rows.filter((row) => row.id !== id)),
  }
}

const recentTexts = ['Fatima al-Rashid', 'quiet machines', 'river', 'First Light: Seven Preludes and a Song']

const searchOptionsOf = (
  situation: Situation,
  given: Pick<FakeSearchOptions, 'documents' | 'own' | 'mode'>,
): FakeSearchOptions => ({
  ...given,
  recents: situation === 'empty' || situation === 'visitor' ? [] : recentTexts,
  deviceIndex:
    situation === 'offline'
      ? { kind: 'ready', scope: 'catalog', tracks: 20_480, sequence: 3 }
      : situation === 'unindexed'
        ? { kind: 'absent' }
        : { kind: 'fetching' },
})

export const createFakeServices = (
  situation: Situation,
  options: { settings?: Partial<Settings>; releaseCount?: number } = {},
): FakeServices => {
  const settings = createStore(settingsSchema.parse(options.settings ?? {}))
  const account = createStore(viewOf(situation))
  const isOnline = createStore(hasNetwork(situation))
  const modes: Partial<Record<Situation, FakeLibraryMode>> = {
    loading: 'loading',
    failing: 'failing',
    removed: 'removed',
  }
  const mode = (): FakeLibraryMode => (isOnline.get() ? (modes[situation] ?? 'ready') : 'offline')
  const devicesOfAccount = createFakeDevices(situation === 'visitor', mode)
  const searchMode = () => (situation === 'removed' ? 'failing' : (mode() as Exclude<FakeLibraryMode, 'removed'>))
  const catalog = createFakeCatalog(
    situation === 'empty' ? 0 : situation === 'visitor' ? 1 : (options.releaseCount ?? 1_700),
  )
  const library = createFakeLibrary(catalog, mode)
  const documents = situation === 'storage' ? createUnavailableDocuments('storage-failed') : createMemoryDocuments()
  const playlists = createFakePlaylists({ documents, library, catalog, account, isOnline, situation })
  const saved = createFakeSaved(documents, catalog, situation === 'visitor')
  const player = createFakePlayer()
  return {
    player,
    devices: createFakePlayback(player, situation === 'visitor'),
    library,
    search: createFakeSearch(
      searchOptionsOf(situation, {
        documents: searchDocumentsOf(catalog),
        own: () => ownSearchDocumentsOf(playlists, saved),
        mode: searchMode,
      }),
    ),
    account: {
      view: account,
      claim: (code) => {
        if (code !== 'MEADOW-4533') return Promise.resolve('claim-invalid')
        account.change((view) =>
          view.kind === 'ready'
            ? { ...view, isClaimed: true, rights: ['listen', 'upload', 'publish', 'administer'] }
            : view,
        )
        return Promise.resolve('claimed')
      },
      ...devicesOfAccount,
    },
    loadMembership: () => Promise.resolve(createFakeMembership(devicesOfAccount)),
    documents,
    playlists,
    saved,
    history: createFakeHistory(documents, catalog, situation === 'visitor'),
    people: createFakePeople(documents, playlists),
    playlistImport: createFakePlaylistImport(library, catalog, mode),
    uploads: fakeUploads(situation),
    ingest: {
      view: createStore(ingestOf(situation)),
      scanAgain: () => Promise.resolve('started'),
      withdrawHeld: () => Promise.resolve({ kind: 'withdrawn', files: 3 }),
    },
    settings: { view: settings, change: (change) => settings.change((value) => ({ ...value, ...change })) },
    log: silentLog,
    diagnostics: { text: () => Promise.resolve('Version: 0.0.0\n') },
    isOnline,
    shell: createStore<'starting' | 'ready' | 'updating' | 'unavailable'>('ready'),
    goOnline: (online) => isOnline.set(online),
  }
}
