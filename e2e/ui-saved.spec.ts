import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { useStories } from './ui/use-stories.ts'

// Saved music over fake services: saving, removing, undo, and the part of the library that shows it.

const stories = useStories()
afterEach(stories.closePages)

const poll = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 })
const open = async (path: string, state = 'ready'): Promise<Page> => {
  const page = await stories.open({ path, state })
  await page.locator('main h1').first().waitFor({ state: 'attached' })
  return page
}
const toasts = (page: Page) => page.getByRole('status')
const release = '/release/relaaaaaaaaaaaaaaaaaaaaaab'
const isPressed = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first().getAttribute('aria-pressed')

describe.skipIf(chromiumPath === undefined)('saving', () => {
  test('L removes what plays from the saved music, the message takes it back, and L in a text field is a letter', async () => {
    const page = await open(release)
    await page.getByRole('main').getByRole('button', { name: 'Play', exact: true }).click()
    const player = page.getByRole('region', { name: 'Player' })
    const heart = player.getByRole('button', { name: 'Save Cloud Letters', exact: true })
    expect(await heart.getAttribute('aria-pressed')).toBe('true')
    await page.locator('body').press('l')
    await poll(() => heart.getAttribute('aria-pressed')).toBe('false')
    await toasts(page).getByText('Removed Cloud Letters').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await poll(() => heart.getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('searchbox', { name: 'Search' }).press('l')
    expect(await heart.getAttribute('aria-pressed')).toBe('true')
  })

  test('a release and a track of a menu are saved and found in the saved part of the library', async () => {
    const page = await open(release, 'visitor')
    await page.getByRole('link', { name: 'Library', exact: true }).click()
    await page.getByRole('link', { name: 'First Light: Seven Preludes and a Song' }).first().click()
    await page.getByRole('button', { name: 'Save First Light: Seven Preludes and a Song' }).click()
    await poll(() => isPressed(page, 'Save First Light: Seven Preludes and a Song')).toBe('true')
    await page
      .getByRole('button', { name: /^More actions for/ })
      .first()
      .click({ force: true })
    await page.getByRole('menuitem', { name: 'Save', exact: true }).click()
    await toasts(page)
      .getByText(/^Saved .*\.$/)
      .nth(1)
      .waitFor()
    await page.getByRole('link', { name: 'Library', exact: true }).click()
    await page.getByRole('link', { name: 'Saved', exact: true }).click()
    await page.getByRole('list', { name: 'Saved releases' }).getByText('First Light').first().waitFor()
    await page.getByRole('link', { name: 'Tracks', exact: true }).click()
    expect(page.url()).toContain('/library/tracks?shelf=saved')
    await poll(() => page.getByRole('grid', { name: 'Saved tracks' }).getAttribute('aria-rowcount')).toBe('2')
  })

  test('a removed release comes back by the undo of the message, at its place', async () => {
    const page = await open('/library/releases?shelf=saved')
    const list = page.getByRole('list', { name: 'Saved releases' })
    const names = () => list.getByRole('listitem').allInnerTexts()
    await poll(names).toHaveLength(12)
    const before = await names()
    await list.getByRole('button', { name: 'Save Distant Water' }).click()
    await poll(names).toHaveLength(11)
    await page.getByRole('button', { name: 'Undo' }).click()
    await poll(names).toEqual(before)
  })
})

describe.skipIf(chromiumPath === undefined)('the saved part of the library', () => {
  test('what cannot be played here says why, and its menu only removes it', async () => {
    const page = await open('/library/tracks?shelf=saved')
    const grid = page.getByRole('grid', { name: 'Saved tracks' })
    await grid.getByText('No longer in the library of this server').waitFor()
    await grid.getByText('On another server').first().waitFor()
    await grid.getByRole('button', { name: 'Play Cedar Map' }).click({ force: true })
    await toasts(page).getByText('Cedar Map cannot be played: on another server.').waitFor()
    await grid.getByRole('button', { name: 'More actions for Cedar Map' }).click({ force: true })
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Remove from saved'])
    await page.getByRole('menuitem').click()
    await poll(() => grid.getByText('Cedar Map').count()).toBe(0)
  })

  test('the filter narrows the list, Escape clears it, and Play plays from the row on', async () => {
    const page = await open('/library/tracks?shelf=saved')
    const grid = page.getByRole('grid', { name: 'Saved tracks' })
    await grid.getByText('Cedar Field').waitFor()
    const field = page.getByRole('searchbox', { name: 'Filter saved music' })
    await field.fill('cedar fatima')
    await page.getByText('2 tracks of 36').waitFor()
    await grid.getByRole('button', { name: 'Play Cedar Field' }).click({ force: true })
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Queue', exact: true }).last().click()
    await page.getByRole('complementary', { name: 'Queue' }).getByText('Cedar Water').waitFor()
    await field.press('Escape')
    await page.getByText('36 tracks').waitFor()
  })

  test('without a network it is shown from the documents alone, and what is not on the device says so when it is played', async () => {
    const page = await open('/library/tracks?shelf=saved&sort=recent', 'offline')
    const grid = page.getByRole('grid', { name: 'Saved tracks' })
    await poll(() => grid.getAttribute('aria-rowcount')).toBe('37')
    await grid.getByRole('button', { name: 'Play Gone with the Old Disk' }).click({ force: true })
    await toasts(page).getByText('You are offline').waitFor()
  })
})

describe.skipIf(chromiumPath === undefined)('the history', () => {
  test('plays are listed by day, clearing removes all of them, and the message takes it back', async () => {
    const page = await open('/library/history')
    const grid = page.getByRole('grid', { name: 'Played tracks' })
    const rows = () => grid.getByRole('row').count()
    await grid.getByText('Today').waitFor()
    const before = await rows()
    await page.getByRole('button', { name: 'Clear history' }).click()
    await page.getByText('Nothing played yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await poll(rows).toBe(before)
    await grid
      .getByRole('button', { name: /^Play / })
      .first()
      .click({ force: true })
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).waitFor()
  })

  test('it can be switched off in the settings, and then it says so', async () => {
    const page = await open('/settings', 'visitor')
    await page.getByRole('switch', { name: 'Keep listening history' }).uncheck()
    await page.getByRole('link', { name: 'Library', exact: true }).click()
    await page.getByRole('link', { name: 'History', exact: true }).click()
    await page.getByText('The history is switched off').waitFor()
  })

  test('earlier months are shown when they are wanted', async () => {
    const page = await open('/library/history')
    const rows = () => page.getByRole('grid', { name: 'Played tracks' }).getByRole('row').count()
    await page.getByRole('grid', { name: 'Played tracks' }).waitFor()
    const before = await rows()
    await page.getByRole('button', { name: 'Show earlier' }).click()
    await poll(rows).toBeGreaterThan(before)
  })
})
