import type { Page } from 'playwright-core'
import type { Screen } from './screen.ts'

// Screens of playlists over fake services.

const openPlaylist = async (page: Page, title: RegExp): Promise<void> => {
  await page.getByRole('main').getByRole('link', { name: title }).click()
  await page.getByRole('main').getByRole('heading', { name: title, level: 1 }).waitFor()
}

const release = '/release/relaaaaaaaaaaaaaaaaaaaaaab'
const library = '/library/playlists'
export const playlistScreens: readonly Screen[] = [
  {
    name: 'playlists',
    state: 'ready',
    path: library,
    prepare: (page) =>
      page
        .getByRole('main')
        .getByRole('link', { name: /^Everything/ })
        .waitFor(),
  },
  { name: 'playlists, none', state: 'empty', path: library },
  { name: 'playlists, not available', state: 'visitor', path: library },
  { name: 'playlists, loading', state: 'loading', path: library },
  {
    name: 'playlists, a folder',
    state: 'ready',
    path: library,
    prepare: async (page) => {
      await page
        .getByRole('main')
        .getByRole('link', { name: /^Rehearsals/ })
        .click()
      await page.getByRole('heading', { name: 'Rehearsals', level: 2 }).waitFor()
    },
  },
  {
    name: 'playlist',
    state: 'ready',
    path: library,
    prepare: async (page) => {
      await openPlaylist(page, /^Friday/)
      await page.getByText('3 songs cannot be played here').waitFor()
    },
  },
  {
    name: 'playlist, sorted, with songs that cannot be played',
    state: 'ready',
    path: library,
    prepare: async (page) => {
      await openPlaylist(page, /^Friday/)
      await page.getByRole('combobox', { name: 'Sort by' }).selectOption('-addedAt')
      await page.getByText('On another server').first().scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'playlist, offline',
    state: 'offline',
    path: library,
    prepare: (page) => openPlaylist(page, /^Friday/),
  },
  {
    name: 'playlist, songs selected',
    state: 'ready',
    path: library,
    prepare: async (page) => {
      await openPlaylist(page, /^Friday/)
      await page.getByRole('button', { name: 'Select', exact: true }).click()
      await page
        .getByRole('row')
        .nth(2)
        .getByRole('button', { name: /^Select/ })
        .click()
      await page.getByText('1 song selected').waitFor()
    },
  },
  {
    name: 'playlist, empty, finding songs',
    state: 'ready',
    path: library,
    prepare: async (page) => {
      await openPlaylist(page, /^Empty for now/)
      await page.getByRole('searchbox', { name: 'Find songs to add' }).fill('river')
      await page.getByRole('list', { name: 'Songs found' }).getByRole('button').first().waitFor()
    },
  },
  { name: 'playlist, nothing at this address', state: 'ready', path: '/playlist/aaaaaaaaaaaaaaaaaaaaaaaaaa' },
  { name: 'playlist, not available', state: 'visitor', path: '/playlist/aaaaaaaaaaaaaaaaaaaaaaaaaa' },
  {
    name: 'editing the details of a playlist',
    state: 'ready',
    path: library,
    prepare: async (page) => {
      await openPlaylist(page, /^Friday/)
      await page.getByRole('button', { name: 'Edit details' }).click()
    },
  },
  {
    name: 'moving a song to a position',
    state: 'ready',
    path: library,
    prepare: async (page) => {
      await openPlaylist(page, /^Friday/)
      await page
        .getByRole('row')
        .nth(2)
        .getByRole('button', { name: /^More actions/ })
        .click({ force: true })
      await page.getByRole('menuitem', { name: 'Move to position…' }).click()
    },
  },
  {
    name: 'adding to a playlist',
    state: 'ready',
    path: release,
    prepare: async (page) => {
      await page.getByRole('main').getByRole('button', { name: 'Add to playlist' }).click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Everything/ })
        .waitFor()
    },
  },
]
