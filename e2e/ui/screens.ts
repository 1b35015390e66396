import type { Page } from 'playwright-core'
import { playlistScreens } from './playlist-screens.ts'
import type { Screen } from './screen.ts'

// Every screen of the page over fake services: `npm run stories` lists them, e2e/ui.spec.ts tests each.

const release = '/release/relaaaaaaaaaaaaaaaaaaaaaab'

const play = async (page: Page): Promise<void> => {
  await page.getByRole('main').getByRole('button', { name: 'Play', exact: true }).click()
  await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause' }).waitFor()
}

const settings: readonly Screen[] = [
  {
    name: 'settings',
    state: 'ready',
    path: '/settings',
    prepare: (page) => page.getByRole('list', { name: 'Devices of this account' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'settings, only this device',
    state: 'visitor',
    path: '/settings',
    prepare: (page) => page.getByText('No other device uses this account.').scrollIntoViewIfNeeded(),
  },
  {
    name: 'settings, loading',
    state: 'loading',
    path: '/settings',
    prepare: (page) => page.getByRole('heading', { name: 'Devices' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'settings, failing',
    state: 'failing',
    path: '/settings',
    prepare: (page) => page.getByRole('button', { name: 'Try again' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'settings, offline',
    state: 'offline',
    path: '/settings',
    prepare: (page) => page.getByText('The devices cannot be shown').scrollIntoViewIfNeeded(),
  },
  {
    name: 'settings, device removed',
    state: 'removed',
    path: '/settings',
    prepare: (page) => page.getByRole('heading', { name: 'Devices' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'removing a device',
    state: 'ready',
    path: '/settings',
    prepare: (page) => page.getByRole('button', { name: 'Remove Safari on iPhone' }).click(),
  },
]

/** Two entries that the library has, one by somebody else, and one that it does not have. */
export const fridayList = [
  '#EXTM3U',
  '#EXTINF:-1,Nils Okonkwo - Cloud Letters',
  'Music/cloud.mp3',
  '#EXTINF:-1,Nils Okonkwo - Silver Days',
  'Music/silver.mp3',
  '#EXTINF:-1,Somebody Else - River Answer',
  'Music/river.mp3',
  '/home/anna/Music/Miles Davis/Kind of Blue/01 So What.flac',
].join('\n')

export const importFile = (page: Page, name: string, text: string): Promise<void> =>
  page.getByLabel('Playlist file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

const importing: readonly Screen[] = [
  { name: 'import playlist', state: 'ready', path: '/', dialog: 'import' },
  {
    name: 'import playlist, not a playlist',
    state: 'ready',
    path: '/',
    dialog: 'import',
    prepare: async (page) => {
      await importFile(page, 'notes.txt', 'x')
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'import playlist, looking',
    state: 'loading',
    path: '/',
    dialog: 'import',
    prepare: async (page) => {
      await importFile(page, 'Friday.m3u8', fridayList)
      await page.getByRole('progressbar').waitFor()
    },
  },
  {
    name: 'import playlist, report',
    state: 'ready',
    path: '/',
    dialog: 'import',
    prepare: async (page) => {
      await importFile(page, 'Friday.m3u8', fridayList)
      await page.getByRole('button', { name: 'Search for River Answer, Somebody Else' }).click()
      await page.getByRole('list', { name: 'Tracks found' }).waitFor()
    },
  },
  {
    name: 'import playlist, offline',
    state: 'offline',
    path: '/',
    dialog: 'import',
    prepare: async (page) => {
      await importFile(page, 'Friday.m3u8', fridayList)
      await page.getByRole('button', { name: 'Try again' }).last().waitFor()
    },
  },
]

export const screens: readonly Screen[] = [
  { name: 'home', state: 'ready', path: '/' },
  { name: 'home for a visitor', state: 'visitor', path: '/' },
  { name: 'home of the administrator', state: 'administrator', path: '/' },
  { name: 'home, empty', state: 'empty', path: '/' },
  { name: 'home, loading', state: 'loading', path: '/' },
  { name: 'home, offline', state: 'offline', path: '/' },
  { name: 'home, insecure', state: 'insecure', path: '/' },
  { name: 'home, storage refused', state: 'storage', path: '/' },
  { name: 'releases', state: 'ready', path: '/library/releases' },
  { name: 'artists', state: 'ready', path: '/library/artists' },
  { name: 'tracks', state: 'ready', path: '/library/tracks' },
  { name: 'tracks, failing', state: 'failing', path: '/library/tracks' },
  {
    name: 'saved tracks',
    state: 'ready',
    path: '/library/tracks?shelf=saved',
    prepare: (page) => page.getByText('No longer in the library').waitFor(),
  },
  { name: 'saved tracks, offline', state: 'offline', path: '/library/tracks?shelf=saved&sort=recent' },
  {
    name: 'saved tracks, filtered',
    state: 'ready',
    path: '/library/tracks?shelf=saved',
    prepare: (page) => page.getByRole('searchbox', { name: 'Filter saved music' }).fill('anna'),
  },
  { name: 'saved releases', state: 'ready', path: '/library/releases?shelf=saved' },
  { name: 'saved artists', state: 'ready', path: '/library/artists?shelf=saved' },
  { name: 'history', state: 'ready', path: '/library/history' },
  { name: 'history, nothing played', state: 'visitor', path: '/library/history' },
  { name: 'history not available', state: 'storage', path: '/library/history' },
  { name: 'nothing saved', state: 'visitor', path: '/library/tracks?shelf=saved' },
  { name: 'saved music not available', state: 'storage', path: '/library/releases?shelf=saved' },
  { name: 'release', state: 'ready', path: release },
  { name: 'release, offline', state: 'offline', path: release },
  { name: 'artist', state: 'ready', path: '/artist/artaaaaaaaaaaaaaaaaaaaaaaa' },
  { name: 'track link', state: 'ready', path: '/track/trkaaaaaaaaaaaaaaaaaaaaaad' },
  { name: 'search', state: 'ready', path: '/search' },
  { name: 'search, nothing searched before', state: 'visitor', path: '/search' },
  {
    name: 'search, typing',
    state: 'loading',
    path: '/search?q=river',
    prepare: (page) => page.getByRole('group', { name: 'Filters' }).waitFor(),
  },
  {
    name: 'search results',
    state: 'ready',
    path: '/search?q=river',
    prepare: (page) => page.getByRole('main').getByRole('heading', { name: 'Playlists' }).waitFor(),
  },
  {
    name: 'search results, a playlist first',
    state: 'ready',
    path: '/search?q=friday',
    prepare: (page) => page.getByText('Playlist · 15 songs').first().waitFor(),
  },
  {
    name: 'search results, in the library',
    state: 'ready',
    path: '/search?q=r&library=1',
    prepare: (page) => page.getByText('On another server').first().waitFor(),
  },
  {
    name: 'search results, tracks alone',
    state: 'ready',
    path: '/search?q=river&kind=track',
    prepare: (page) => page.getByRole('grid').waitFor(),
  },
  {
    name: 'search results, releases filtered',
    state: 'ready',
    path: '/search?q=river&kind=release&years=1990-1999',
    prepare: (page) => page.getByRole('link', { name: 'Clear filters' }).waitFor(),
  },
  {
    name: 'search results, corrected',
    state: 'ready',
    path: '/search?q=rievr',
    prepare: (page) => page.getByText('Nothing is spelled').first().waitFor(),
  },
  {
    name: 'search results in other scripts',
    state: 'ready',
    path: '/search?q=%D9%84%D9%8A',
    prepare: (page) => page.locator('mark').first().waitFor(),
  },
  {
    name: 'search without results',
    state: 'administrator',
    path: '/search?q=zzzzzz%20qqq',
    prepare: (page) => page.getByRole('link', { name: 'Upload it' }).waitFor(),
  },
  {
    name: 'search without results under filters',
    state: 'ready',
    path: '/search?q=river&years=1900-1910&lossless=1',
    prepare: (page) => page.getByRole('link', { name: 'Remove filters' }).waitFor(),
  },
  {
    name: 'search, offline on the index of the device',
    state: 'offline',
    path: '/search?q=river',
    prepare: (page) => page.getByText('Searching on this device').first().waitFor(),
  },
  {
    name: 'search, offline without an index',
    state: 'unindexed',
    path: '/search?q=river',
    prepare: (page) => page.getByText('This device cannot search by itself yet').first().waitFor(),
  },
  {
    name: 'search, failing',
    state: 'failing',
    path: '/search?q=river',
    prepare: (page) => page.getByRole('button', { name: 'Try again' }).waitFor(),
  },
  { name: 'home, device removed', state: 'removed', path: '/' },
  ...playlistScreens,
  ...settings,
  ...importing,
  { name: 'upload', state: 'administrator', path: '/upload' },
  { name: 'upload, not permitted', state: 'ready', path: '/upload' },
  { name: 'import', state: 'administrator', path: '/import' },
  { name: 'import, nothing found', state: 'empty', path: '/import' },
  { name: 'import, not permitted', state: 'ready', path: '/import' },
  { name: 'nothing at this address', state: 'ready', path: '/nowhere' },
  { name: 'playing', state: 'ready', path: release, prepare: (page) => play(page) },
  {
    name: 'queue',
    state: 'ready',
    path: release,
    prepare: async (page, size) => {
      await play(page)
      if (size === 'phone') await page.getByRole('button', { name: /^Now playing/ }).click()
      await page.getByRole('button', { name: 'Queue', exact: true }).last().click()
      await page.getByRole('complementary', { name: 'Queue' }).waitFor()
    },
  },
  {
    name: 'now playing',
    state: 'ready',
    path: release,
    prepare: async (page) => {
      await play(page)
      await page.getByRole('button', { name: /^Now playing/ }).click()
      await page.getByRole('dialog', { name: 'Now playing' }).waitFor()
    },
  },
  {
    name: 'failed playback',
    state: 'ready',
    path: release,
    prepare: async (page) => {
      await play(page)
      await page.evaluate(() =>
        (globalThis as unknown as { services: { player: { fail(problem: string): void } } }).services.player.fail(
          'server-unreachable',
        ),
      )
    },
  },
  {
    name: 'track menu',
    state: 'ready',
    path: release,
    prepare: (page) =>
      page
        .getByRole('button', { name: /^More actions for/ })
        .first()
        .click({ force: true }),
  },
  {
    name: 'shortcuts',
    state: 'ready',
    path: '/',
    prepare: async (page) => {
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    },
  },
]

/** The layout of a tablet is that of a desktop with a narrow navigation, so one screen of each kind is enough. */
export const tabletScreens: ReadonlySet<string> = new Set([
  'home',
  'home, loading',
  'release',
  'tracks',
  'search results',
  'settings',
  'playlist',
  'upload',
  'queue',
  'now playing',
  'failed playback',
])
