import type { Locator, Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { useStories } from './ui/use-stories.ts'

// Playlists by keyboard, by pointer and by touch, over fake services.

const stories = useStories()
afterEach(stories.closePages)

const poll = <T>(look: () => T | Promise<T>, message?: string) =>
  expect.poll(look, { timeout: 30_000, ...(message === undefined ? {} : { message }) })
const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')
const main = (page: Page): Locator => page.getByRole('main')
const songs = (page: Page): Locator => page.getByRole('grid')

const open = async (title = 'Friday', context = {}): Promise<Page> => {
  const page = await stories.open({ path: '/library/playlists', context })
  await main(page)
    .getByRole('link', { name: new RegExp(`^${title}`) })
    .click()
  await main(page).getByRole('heading', { name: title, level: 1 }).waitFor()
  return page
}
/** Titles of the first rows, in the order of the rows. */
const titles = (page: Page, count: number): Promise<string[]> =>
  songs(page).evaluate(
    (grid, most) =>
      Array.from(
        { length: most },
        (_, row) =>
          grid
            .querySelector(`[data-row="${row}"] :is([data-play], [data-select])`)
            ?.getAttribute('aria-label')
            ?.replace(/^(Play|Pause|Select) /, '') ?? '',
      ),
    count,
  )
const selectedRows = (page: Page): Promise<number> => songs(page).locator('[aria-selected=true]').count()
const focusRow = (page: Page, row: number): Promise<void> =>
  songs(page).locator(`[data-row="${row}"] [data-play]`).focus()
const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name })

describe.skipIf(chromiumPath === undefined)('a playlist', () => {
  test('is created and named by keys alone', async () => {
    const page = await stories.open({ path: '/library/playlists', state: 'empty' })
    await main(page).getByText('No playlists yet').waitFor()
    await page.getByRole('button', { name: 'Create playlist' }).last().focus()
    await page.keyboard.press('Enter')
    await dialog(page, 'Create playlist').waitFor()
    await page.keyboard.type('Sunday')
    await page.keyboard.press('Enter')
    await main(page).getByRole('heading', { name: 'Sunday', level: 1 }).waitFor()
    await page.getByRole('status').getByText('Created Sunday.').waitFor()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sunday' }).waitFor()
  })

  test('is renamed where its title stands: Enter keeps it, Escape does not, and Mod+Z takes it back', async () => {
    const page = await open()
    const field = page.getByRole('textbox', { name: 'Title of the playlist' })
    await main(page).getByRole('button', { name: 'Friday', exact: true }).click()
    await field.fill('Saturday')
    await page.keyboard.press('Escape')
    await main(page).getByRole('heading', { name: 'Friday', level: 1 }).waitFor()
    await poll(() => focusedName(page)).toBe('Friday')
    await page.keyboard.press('Enter')
    await field.fill('  Sunday ')
    await page.keyboard.press('Enter')
    await main(page).getByRole('heading', { name: 'Sunday', level: 1 }).waitFor()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sunday' }).waitFor()
    await page.keyboard.press('Control+z')
    await main(page).getByRole('heading', { name: 'Friday', level: 1 }).waitFor()
  })

  test('in the rail gets the selected songs that are dropped on it', async () => {
    const page = await open()
    const [first, second] = await titles(page, 2)
    const target = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Empty for now' })
    const title = (row: number): Locator => songs(page).locator(`[data-row="${row}"]`).getByText(/./).first()
    await title(0).click()
    await title(1).click({ modifiers: ['Shift'] })
    await title(1).dragTo(target)
    await page.getByText('Added 2 songs to Empty for now, 2 songs.').waitFor()
    await target.click()
    await main(page).getByRole('heading', { name: 'Empty for now', level: 1 }).waitFor()
    await poll(() => titles(page, 2)).toEqual([first, second])
  })

  test('gets songs of the search inside of it, and says how many it has', async () => {
    const page = await open('Empty for now')
    await page.getByRole('searchbox', { name: 'Find songs to add' }).fill('river')
    const found = page.getByRole('list', { name: 'Songs found' }).getByRole('button')
    await found.first().click()
    await page.getByText(/^Added .*River.* to Empty for now, 1 song\.$/).waitFor()
    await found.nth(1).click()
    await page.getByText(/^Added .* to Empty for now, 2 songs\.$/).waitFor()
    expect(await songs(page).getAttribute('aria-rowcount')).toBe('3')
  })

  test('Alt with an arrow moves a row, the focus goes with it, and Mod+Z and Mod+Shift+Z take it back and do it again', async () => {
    const page = await open()
    const before = await titles(page, 4)
    await focusRow(page, 0)
    await page.keyboard.press('Alt+ArrowDown')
    await poll(() => titles(page, 3)).toEqual([before[1], before[0], before[2]])
    await poll(() => focusedName(page)).toBe(`Play ${before[0]}`)
    await page.getByText(`Moved ${before[0]} to position 2.`).waitFor()
    await page.keyboard.press('Alt+ArrowDown')
    await poll(() => titles(page, 3)).toEqual([before[1], before[2], before[0]])
    await poll(() => focusedName(page)).toBe(`Play ${before[0]}`)
    await page.keyboard.press('Control+z')
    await poll(() => titles(page, 3)).toEqual([before[1], before[0], before[2]])
    await page.keyboard.press('Control+z')
    await poll(() => titles(page, 4)).toEqual(before)
    await page.keyboard.press('Control+Shift+z')
    await poll(() => titles(page, 3)).toEqual([before[1], before[0], before[2]])
  })

  test('Delete removes the row with the focus, the focus stays in the list, and the toast undoes it', async () => {
    const page = await open()
    const before = await titles(page, 4)
    await focusRow(page, 1)
    await page.keyboard.press('Delete')
    await poll(() => titles(page, 3)).toEqual([before[0], before[2], before[3]])
    await poll(() => focusedName(page)).toBe(`Play ${before[2]}`)
    await page.getByText(`Removed ${before[1]} from Friday.`).waitFor()
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
    await poll(() => titles(page, 4)).toEqual(before)
  })

  test('rows are selected with Shift and arrows, Mod+A and Mod+click, and moved and removed together', async () => {
    const page = await open()
    const before = await titles(page, 6)
    await focusRow(page, 1)
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await poll(() => selectedRows(page)).toBe(3)
    await page.keyboard.press('Alt+ArrowUp')
    await poll(() => titles(page, 5)).toEqual([before[1], before[2], before[3], before[0], before[4]])
    await poll(() => selectedRows(page)).toBe(3)
    await page.keyboard.press('Escape')
    await poll(() => selectedRows(page)).toBe(0)
    await page.keyboard.press('Control+a')
    await poll(() => selectedRows(page)).toBeGreaterThan(10)
    const name = (row: number) => songs(page).locator(`[data-row="${row}"] [role=gridcell]`).nth(1)
    await name(0).click({ position: { x: 300, y: 8 } })
    await poll(() => selectedRows(page)).toBe(1)
    await name(3).click({ modifiers: ['Control'], position: { x: 300, y: 8 } })
    await poll(() => selectedRows(page)).toBe(2)
    await focusRow(page, 3)
    await page.keyboard.press('Delete')
    await page.getByText('Removed 2 songs from Friday.').waitFor()
    await poll(() => titles(page, 3)).toEqual([before[2], before[3], before[4]])
  })

  test('a row is dragged to another place, and Escape ends a drag without a change', async () => {
    const page = await open()
    // It moves the rows when it appears.
    await page.getByText('3 songs cannot be played here').waitFor()
    const before = await titles(page, 4)
    const row = (index: number) => songs(page).locator(`[data-row="${index}"]`)
    const grip = row(0).locator('span[class*=grip]')
    const drag = async (toRow: number): Promise<void> => {
      await row(0).hover()
      const [from, to] = [await grip.boundingBox(), await row(toRow).boundingBox()]
      await page.mouse.move(from!.x + 8, from!.y + 20)
      await page.mouse.down()
      await page.mouse.move(from!.x + 8, from!.y + 40)
      await page.mouse.move(to!.x + 8, to!.y + to!.height - 4, { steps: 4 })
    }
    await row(3).scrollIntoViewIfNeeded()
    await drag(2)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await titles(page, 4)).toEqual(before)
    await drag(2)
    await page.mouse.up()
    await poll(() => titles(page, 4)).toEqual([before[1], before[2], before[0], before[3]])
  })

  test('the menu moves a song to a position that a person names, and refuses one that is not there', async () => {
    const page = await open()
    const before = await titles(page, 4)
    await focusRow(page, 0)
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Move to position…' }).focus()
    await page.keyboard.press('Enter')
    await dialog(page, 'Move to position').waitFor()
    await page.keyboard.type('99')
    await page.getByText('A whole number from 1 to 15.').waitFor()
    await page.keyboard.press('Enter')
    await dialog(page, 'Move to position').waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('3')
    await page.keyboard.press('Enter')
    await poll(() => titles(page, 4)).toEqual([before[1], before[2], before[0], before[3]])
  })

  test('a sorted view changes nothing in the playlist, and rows cannot be moved in it', async () => {
    const page = await open()
    const before = await titles(page, 5)
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('-duration')
    await poll(() => titles(page, 5)).not.toEqual(before)
    const sorted = await titles(page, 5)
    await focusRow(page, 0)
    await page.keyboard.press('Alt+ArrowDown')
    expect(await titles(page, 5)).toEqual(sorted)
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('own')
    await poll(() => titles(page, 5)).toEqual(before)
  })

  test('title, description and cover are edited, and each can be taken back', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Edit details' }).click()
    await page.getByRole('textbox', { name: 'Title' }).fill('Saturday')
    await page.getByRole('textbox', { name: 'Description' }).fill('Louder.')
    await page.getByRole('button', { name: 'Save' }).click()
    await main(page).getByRole('heading', { name: 'Saturday', level: 1 }).waitFor()
    await main(page).getByText('Louder.').waitFor()
    await page.keyboard.press('Control+z')
    await main(page).getByText('For the long table').waitFor()
    await page.keyboard.press('Control+z')
    await main(page).getByRole('heading', { name: 'Friday', level: 1 }).waitFor()
  })

  test('songs of another server say so, are looked for, and take the place of the old ones', async () => {
    const page = await open()
    await page.getByText('3 songs cannot be played here').waitFor()
    expect(await page.getByText('On another server').count()).toBe(2)
    await page.getByRole('button', { name: 'Look for them on this server' }).click()
    await page.getByText('Found 3 songs.').waitFor()
    await page.getByText('3 songs cannot be played here').waitFor({ state: 'detached' })
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
    await page.getByText('3 songs cannot be played here').waitFor()
  })

  test('plays in its order, with its name in the queue', async () => {
    const page = await open()
    const [first, second] = await titles(page, 2)
    await main(page).getByRole('button', { name: 'Play', exact: true }).click()
    const player = page.getByRole('region', { name: 'Player' })
    await player.getByRole('link', { name: first!, exact: true }).waitFor()
    await player.getByRole('button', { name: 'Next', exact: true }).click()
    await player.getByRole('link', { name: second!, exact: true }).waitFor()
    await main(page).getByRole('button', { name: 'Pause', exact: true }).waitFor()
  })

  test('of 10,000 songs draws few rows, and its end is reached, moved and played by keys', async () => {
    const page = await open('Everything')
    await focusRow(page, 0)
    await page.keyboard.press('End')
    await poll(() =>
      page.evaluate(() => document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex')),
    ).toBe('10001')
    expect(await songs(page).getByRole('row').count()).toBeLessThan(60)
    await page.keyboard.press('Alt+ArrowUp')
    await page.getByText(/to position 9,?999\.$/).waitFor()
    await poll(() =>
      page.evaluate(() => document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex')),
    ).toBe('10000')
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).waitFor()
  })

  test('is deleted without a question, and undo brings it back', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'More actions for Friday', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('Deleted Friday.').waitFor()
    await main(page)
      .getByRole('link', { name: /^Friday/ })
      .waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await main(page)
      .getByRole('link', { name: /^Friday/ })
      .waitFor()
  })

  test('on a phone songs are selected, moved and removed with buttons', async () => {
    const page = await open('Friday', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    const before = await titles(page, 4)
    await page.getByRole('button', { name: 'Select', exact: true }).tap()
    await page
      .getByRole('button', { name: `Select ${before[1]}`, exact: true })
      .first()
      .tap()
    const bar = page.getByRole('toolbar', { name: 'Selected songs' })
    await bar.getByText('1 song selected').waitFor()
    await bar.getByRole('button', { name: 'Move up' }).tap()
    await poll(() => titles(page, 3)).toEqual([before[1], before[0], before[2]])
    await bar.getByRole('button', { name: 'Add to playlist' }).tap()
    await dialog(page, 'Add to playlist').getByRole('button', { name: /^Trio/ }).tap()
    await page.getByText(`Added ${before[1]} to Trio, 4 songs.`).waitFor()
    await bar.getByRole('button', { name: 'Remove' }).tap()
    await poll(() => titles(page, 3)).toEqual([before[0], before[2], before[3]])
    await bar.getByRole('button', { name: 'Done' }).tap()
    await bar.waitFor({ state: 'detached' })
  })
})

describe.skipIf(chromiumPath === undefined)('adding', () => {
  test('from the menu of a track, with the filter of the dialog, by keys', async () => {
    const page = await stories.open({ path: '/release/relaaaaaaaaaaaaaaaaaaaaaab' })
    await page.getByRole('button', { name: 'Play Silver Days', exact: true }).focus()
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Add to playlist' }).focus()
    await page.keyboard.press('Enter')
    const asked = dialog(page, 'Add to playlist')
    await asked.waitFor()
    await page.keyboard.type('tri')
    await asked.getByRole('button', { name: /^Trio/ }).waitFor()
    expect(await asked.getByRole('button', { name: /^Friday/ }).count()).toBe(0)
    await asked.getByRole('button', { name: /^Trio/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Added Silver Days to Trio, 4 songs.').waitFor()
    await asked.waitFor({ state: 'detached' })
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Taken back.').waitFor()
  })

  test('the queue is saved as a new playlist', async () => {
    const page = await stories.open({ path: '/release/relaaaaaaaaaaaaaaaaaaaaaab' })
    await main(page).getByRole('button', { name: 'Play', exact: true }).click()
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Queue', exact: true }).click()
    await page.getByRole('complementary', { name: 'Queue' }).getByRole('button', { name: 'Save as playlist' }).click()
    await dialog(page, 'Add to playlist').waitFor()
    await page.keyboard.type('From the queue')
    await page.getByRole('button', { name: /^New playlist/ }).click()
    await main(page).getByRole('heading', { name: 'From the queue', level: 1 }).waitFor()
  })
})

describe.skipIf(chromiumPath === undefined)('folders', () => {
  const card = (page: Page, name: RegExp): Locator => main(page).getByRole('article').filter({ hasText: name })

  test('are created, and playlists are moved into them and out of them', async () => {
    const page = await stories.open({ path: '/library/playlists' })
    await page.getByRole('button', { name: 'Create folder' }).click()
    await page.keyboard.type('Party')
    await page.keyboard.press('Enter')
    await card(page, /^Party/).waitFor()
    const menu = async (name: string, item: string): Promise<void> => {
      await page.getByRole('button', { name: `More actions for ${name}`, exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: item }).focus()
      await page.keyboard.press('Enter')
    }
    await menu('Friday', 'Move to folder…')
    await dialog(page, 'Move to folder').getByRole('button', { name: 'Party' }).click()
    await page.getByText('Moved Friday to Party.').waitFor()
    await main(page)
      .getByRole('link', { name: /^Party/ })
      .click()
    await card(page, /^Friday/).waitFor()
    await menu('Friday', 'Move to folder…')
    await dialog(page, 'Move to folder').getByRole('button', { name: 'No folder' }).click()
    await main(page).getByText('This folder is empty').waitFor()
    await menu('Party', 'Delete')
    await card(page, /^Friday/).waitFor()
    await poll(() => card(page, /^Party/).count()).toBe(0)
  })
})
