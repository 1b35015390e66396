import { emptyQueue } from '@tonestead/crdt/queue'
import type { AccountView } from './account/account.ts'
import { createUnavailableDocuments } from './documents/unavailable-documents.ts'
import type { HistoryView } from './listening/history.ts'
import type { Answer } from './server/answer.ts'
import { createUnavailablePlaylists } from './playlists/unavailable-playlists.ts'
import type { Player } from './playback/player.ts'
import type { Readable } from './readable.ts'
import type { Search, SearchView } from './search/search.ts'
import type { SavedView } from './saved/saved-music.ts'
import type { Services } from './services.ts'
import { settingsSchema } from './settings/settings.ts'

const still = <T>(value: T): Readable<T> => ({ get: () => value, subscribe: () => () => undefined })
const nothing = (): void => undefined
const offline = <T>(): Promise<Answer<T>> => Promise.resolve({ kind: 'offline' })

/** The services where the browser cannot make or store keys: nothing plays, and the page says why and what to do. */
export const createUnavailableServices = (
  reason: Extract<AccountView, { kind: 'unavailable' }>['reason'],
  { log, diagnostics }: Pick<Services, 'log' | 'diagnostics'>,
): Services => ({
  log,
  diagnostics,
  player: silentPlayer,
  devices: { loaded: still(undefined), load: nothing, isWanted: () => Promise.resolve(false) },
  library: {
    releases: offline,
    release: offline,
    artists: offline,
    artist: offline,
    tracks: offline,
    track: offline,
    tracksById: offline,
    waveform: () => Promise.resolve(undefined),
  },
  search: silentSearch,
  account: {
    view: still<AccountView>({ kind: 'unavailable', reason }),
    claim: () => Promise.resolve('offline' as const),
    devices: offline,
    removeDevice: offline,
  },
  loadMembership: () => Promise.reject(new Error('this browser keeps no account')),
  documents: createUnavailableDocuments('not-supported'),
  playlists: createUnavailablePlaylists('not-supported'),
  saved: {
    view: still<SavedView>({ kind: 'unavailable', reason: 'not-supported' }),
    serverId: still(undefined),
    start: nothing,
    save: () => Promise.resolve({ kind: 'not-changed', reason: 'not-supported' }),
    unsave: () => Promise.resolve({ kind: 'not-changed', reason: 'not-supported' }),
  },
  history: {
    view: () => noHistory,
    clear: () => Promise.resolve({ kind: 'not-changed', reason: 'not-supported' }),
  },
  people: () => Promise.reject(new Error('this browser keeps no documents')),
  playlistImport: { match: () => Promise.resolve([]), find: offline },
  ingest: {
    view: still({ kind: 'hidden' } as const),
    scanAgain: () => Promise.resolve('offline' as const),
    withdrawHeld: () => Promise.resolve({ kind: 'offline' } as const),
  },
  uploads: { view: still([]), add: () => Promise.resolve({ leftOut: 0 }), retry: nothing, remove: nothing },
  settings: { view: still(settingsSchema.parse({})), change: nothing },
  isOnline: still(true),
  shell: still('unavailable' as const),
})

const noHistory = still<HistoryView>({ kind: 'unavailable', reason: 'not-supported' })

const silentSearch: Search = {
  view: still<SearchView>({ kind: 'idle' }),
  suggestions: still([]),
  deviceIndex: still({ kind: 'unavailable' } as const),
  recents: still([]),
  setQuery: nothing,
  loadMore: nothing,
  recordUse: nothing,
  remember: nothing,
  forget: nothing,
  forgetAll: nothing,
}

const silentPlayer: Player = {
  view: still({
    state: { kind: 'idle' },
    queue: emptyQueue,
    tracks: new Map(),
    current: undefined,
    durationMs: 0,
    volume: 1,
    isMuted: false,
    streamInfo: undefined,
    hasNext: false,
    hasPrevious: false,
  }),
  positionMs: () => 0,
  playTracks: nothing,
  extendContext: nothing,
  toggle: nothing,
  play: nothing,
  pause: nothing,
  next: nothing,
  previous: nothing,
  seek: nothing,
  setVolume: nothing,
  setMuted: nothing,
  setShuffle: nothing,
  setRepeat: nothing,
  playNext: nothing,
  addToQueue: nothing,
  jumpTo: nothing,
  remove: nothing,
  move: nothing,
  clearUpcoming: nothing,
}
