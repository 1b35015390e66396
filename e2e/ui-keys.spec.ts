import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { useStories } from './ui/use-stories.ts'

// What works by keyboard, and the names that assistive technology reads, over fake services.

const stories = useStories()
afterEach(stories.closePages)

const poll = <T>(look: () => T | Promise<T>, message?: string) =>
  expect.poll(look, { timeout: 30_000, ...(message === undefined ? {} : { message }) })

const open = async (path: string, state = 'ready', hash = ''): Promise<Page> => {
  const page = await stories.open({ path: path + hash, state })
  await page.locator('main h1, main [role=grid]').first().waitFor({ state: 'attached' })
  return page
}
const player = (page: Page) => page.getByRole('region', { name: 'Player' })
const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')
/** Whether the focused element has a focus ring and is not covered. */
const isFocusVisible = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement
    if (focused === null || focused === document.body) return false
    const shown = getComputedStyle(focused).outlineStyle !== 'none' || focused.closest('[role=row]') !== null
    const box = focused.getBoundingClientRect()
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
    return shown && top !== null && (focused.contains(top) || top.contains(focused))
  })
const release = '/release/relaaaaaaaaaaaaaaaaaaaaaab'
const startPlaying = async (page: Page): Promise<void> => {
  await page.getByRole('main').getByRole('button', { name: 'Play', exact: true }).click()
  await player(page).getByRole('button', { name: 'Pause', exact: true }).waitFor()
}

describe.skipIf(chromiumPath === undefined)('names', () => {
  test('landmarks and controls have the names that the other journeys use', async () => {
    const page = await open(release)
    await startPlaying(page)
    await player(page).getByRole('button', { name: 'Queue', exact: true }).click()
    await page.getByRole('banner').waitFor()
    await page.getByRole('main').waitFor()
    await page.getByRole('complementary', { name: 'Queue' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search' }).waitFor()
    for (const name of ['Home', 'Search', 'Library', 'Settings'])
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).waitFor()
    for (const name of ['Pause', 'Next', 'Previous', 'Shuffle', 'Repeat', 'Queue'])
      await player(page).getByRole('button', { name, exact: true }).waitFor()
    for (const name of ['Seek', 'Volume']) await player(page).getByRole('slider', { name, exact: true }).waitFor()
    for (const name of ['Pause', 'Shuffle', 'Share'])
      await page.getByRole('main').getByRole('button', { name, exact: true }).waitFor()
    await page.getByRole('button', { name: 'Play Silver Days', exact: true }).waitFor()
    await page.getByRole('button', { name: 'More actions for Silver Days', exact: true }).waitFor({ state: 'attached' })
    expect(await page.title()).toBe('▶ Cloud Letters · Nils Okonkwo')
  })

  test('the value text of the seek slider is in minutes and seconds', async () => {
    const page = await open(release)
    await startPlaying(page)
    const seek = player(page).getByRole('slider', { name: 'Seek' })
    await seek.focus()
    await page.keyboard.press('PageUp')
    await page.keyboard.press('PageUp')
    await page.keyboard.press('ArrowRight')
    await poll(() => seek.getAttribute('aria-valuetext')).toMatch(/^1 minute [5-9] of 4 minutes 24$/)
  })
})

describe.skipIf(chromiumPath === undefined)('keys', () => {
  test('from page load to playback at most six keys are pressed, and the focus is always visible', async () => {
    const page = await open('/')
    await page.getByRole('button', { name: 'Play', exact: true }).first().waitFor()
    const keys = ['Tab', 'Enter', 'Tab', 'Enter']
    for (const [index, key] of keys.entries()) {
      const before = await page.evaluateHandle(() => document.activeElement)
      await page.keyboard.press(key)
      // The next key is pressed when the focus has moved. The last key plays and does not move it.
      if (index < keys.length - 1) await page.waitForFunction((element) => document.activeElement !== element, before)
      await poll(() => isFocusVisible(page), `after ${key}, on ${await focusedName(page)}`).toBe(true)
    }
    await player(page).getByRole('button', { name: 'Pause', exact: true }).waitFor()
    expect(keys.length).toBeLessThanOrEqual(6)
  })

  test('the focus stays on the button of the home page that starts playback, pauses and picks up', async () => {
    const page = await open('/')
    const card = (name: string) => page.getByRole('region', { name }).getByRole('button').first()
    const press = async (expected: string): Promise<void> => {
      await page.keyboard.press('Enter')
      await player(page).getByRole('button', { name: expected, exact: true }).waitFor()
      await poll(() => focusedName(page)).toBe(expected)
      expect(await isFocusVisible(page)).toBe(true)
    }
    await card('Listen now').focus()
    for (const expected of ['Pause', 'Play']) await press(expected)
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.getByRole('heading', { name: 'Library', level: 1 }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await card('Pick up where you left').focus()
    for (const expected of ['Pause', 'Play', 'Pause']) await press(expected)
  })

  test('every Tab stop has a visible focus and is not covered', async () => {
    const page = await open('/library/tracks')
    await page.getByRole('row', { name: /Amber/ }).first().waitFor()
    for (let stop = 0; stop < 45; stop += 1) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(() => document.activeElement === document.body)) break
      await poll(() => isFocusVisible(page), `stop ${stop}: ${await focusedName(page)}`).toBe(true)
    }
  })

  test('20,000 tracks are one grid with one Tab stop; keys reach every row, and few rows are in the DOM', async () => {
    const page = await open('/library/tracks')
    const grid = page.getByRole('grid', { name: 'Tracks' })
    await page
      .getByRole('button', { name: /^Play Amber/ })
      .first()
      .focus()
    const rowIndex = () =>
      page.evaluate(() => Number(document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex')))
    const count = Number(await grid.getAttribute('aria-rowcount')) - 1
    expect(count).toBeGreaterThan(19_000)
    await page.keyboard.press('End')
    await poll(rowIndex).toBe(count + 1)
    await poll(() => focusedName(page)).toMatch(/^Play /)
    await page.keyboard.press('ArrowUp')
    await poll(rowIndex).toBe(count)
    await page.keyboard.press('Home')
    await poll(rowIndex).toBe(2)
    await page.keyboard.press('PageDown')
    await poll(rowIndex).toBeGreaterThan(8)
    await page.keyboard.type('qui')
    await poll(() => focusedName(page)).toMatch(/^Play Quiet/)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('A')
    expect(await grid.getByRole('row').count()).toBeLessThan(60)
    expect(await grid.locator('[tabindex="0"]').count()).toBe(1)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Shift+Enter')
    await page.getByText(/^Added Quiet .* to the queue\.$/).waitFor()
  })

  test('keys control the player from anywhere, except in a text field and a list', async () => {
    const page = await open(release)
    await startPlaying(page)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('Space')
    await player(page).getByRole('button', { name: 'Play', exact: true }).waitFor()
    await page.keyboard.press('k')
    await player(page).getByRole('link', { name: 'Silver Days' }).waitFor()
    await page.keyboard.press('q')
    await page.getByRole('complementary', { name: 'Queue' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: 'Queue' }).waitFor({ state: 'detached' })
    await page.keyboard.press('/')
    await page.keyboard.type('km s')
    expect(await page.getByRole('searchbox').inputValue()).toBe('km s')
    expect(await player(page).getByRole('button', { name: 'Mute' }).getAttribute('aria-pressed')).toBe('false')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.getByRole('heading', { name: 'Library', level: 1 }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('single keys can be switched off', async () => {
    const page = await open('/settings')
    await page.getByRole('switch', { name: 'Single-key shortcuts' }).focus()
    await page.keyboard.press('Space')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('m')
    await page.keyboard.press('q')
    expect(await player(page).getByRole('button', { name: 'Mute' }).getAttribute('aria-pressed')).toBe('false')
    expect(await page.getByRole('complementary', { name: 'Queue' }).count()).toBe(0)
  })

  test('the menu of a track opens, moves, activates an item, and returns the focus', async () => {
    const page = await open(release)
    await page.getByRole('button', { name: 'Play Silver Days', exact: true }).focus()
    await page.keyboard.press('ArrowLeft')
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight')
    await poll(() => focusedName(page)).toBe('More actions for Silver Days')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Play next' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await poll(() => focusedName(page)).toBe('Add to queue')
    await page.keyboard.press('Escape')
    await poll(() => focusedName(page)).toBe('More actions for Silver Days')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.getByText('Silver Days plays next.').waitFor()
  })
})

describe.skipIf(chromiumPath === undefined)('devices', () => {
  const openDialog = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('button', { name: `Remove ${name}` }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: `Remove ${name}` }).waitFor()
  }

  test('another device is removed by keyboard after a question, and the focus stays in the list', async () => {
    const page = await open('/settings')
    const list = page.getByRole('list', { name: 'Devices of this account' })
    await list.getByRole('listitem').filter({ hasText: 'Firefox on Linux' }).waitFor()
    await openDialog(page, 'Firefox on Linux')
    await page.keyboard.press('Escape')
    await poll(() => focusedName(page)).toBe('Remove Firefox on Linux')
    await openDialog(page, 'Firefox on Linux')
    await poll(() => focusedName(page)).toBe('Cancel')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Removed Firefox on Linux.').waitFor()
    await poll(() => list.getByRole('listitem').count()).toBe(3)
    await poll(() => focusedName(page)).toBe('Devices of this account')
    expect(await page.getByRole('button', { name: 'Remove Chrome on Linux' }).count()).toBe(0)
  })

  test('a removal that fails says so in the dialog, and the device stays', async () => {
    const page = await open('/settings')
    const name = 'A device with a very long name that somebody gave it, in the room under the roof'
    await openDialog(page, name)
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('dialog').getByText('The device was not removed.').waitFor()
    await page.keyboard.press('Escape')
    await poll(() => focusedName(page)).toBe(`Remove ${name}`)
  })
})

describe.skipIf(chromiumPath === undefined)('queue', () => {
  const titles = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('aside li bdi:first-of-type')].map((title) => title.textContent).slice(0, 4),
    )

  test('buttons move and remove rows, the focus stays, and a removal can be undone', async () => {
    const page = await open(release)
    await startPlaying(page)
    await player(page).getByRole('button', { name: 'Queue', exact: true }).click()
    const queue = page.getByRole('complementary', { name: 'Queue' })
    await queue.getByRole('button', { name: 'Move Silver Days down' }).focus()
    await page.keyboard.press('Enter')
    await poll(() => focusedName(page)).toBe('Move Silver Days down')
    await page.getByText('Moved Silver Days to place 2 of what comes.').waitFor()
    const moved = await titles(page)
    expect(moved.slice(1, 3)).toEqual(['River Answer', 'Silver Days'])
    await queue.getByRole('button', { name: 'Remove Silver Days from the queue' }).focus()
    await page.keyboard.press('Enter')
    await poll(() => focusedName(page)).toMatch(/^Remove Glass Light/)
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
    await poll(() => titles(page)).toEqual(moved)
  })

  test('rows can be dragged', async () => {
    const page = await open(release)
    await startPlaying(page)
    await player(page).getByRole('button', { name: 'Queue', exact: true }).click()
    const grip = page.locator('aside li:not([data-current]) span[aria-hidden]').first()
    const box = await grip.boundingBox()
    await page.mouse.move(box!.x + 8, box!.y + 20)
    await page.mouse.down()
    await page.mouse.move(box!.x + 8, box!.y + 20 + 56 * 2, { steps: 6 })
    await page.mouse.up()
    await poll(async () => (await titles(page))[3]).toBe('Silver Days')
  })
})

describe.skipIf(chromiumPath === undefined)('addresses', () => {
  test('a claim link works once and leaves no code in the address', async () => {
    const page = await open('/', 'visitor', '#claim=MEADOW-4533')
    await page.getByText('You are the administrator of this server now.').waitFor()
    expect(page.url()).not.toContain('claim')
  })

  test('a claim link that is no longer valid says so', async () => {
    const page = await open('/', 'visitor', '#claim=OLD-CODE-1')
    await page.getByText('This claim link is not valid any more.').waitFor()
  })

  test('a link to a track shows its release with the track marked, and plays on a click', async () => {
    const page = await open('/track/trkaaaaaaaaaaaaaaaaaaaaaad')
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.locator('[data-marked]').count()).toBe(1)
  })

  test('going back restores the scroll position of the list', async () => {
    const page = await open('/library/tracks')
    await page
      .getByRole('button', { name: /^Play Amber/ })
      .first()
      .focus()
    await page.keyboard.press('End')
    await page.getByRole('grid').getByRole('link').last().click()
    await page
      .getByRole('button', { name: 'Share' })
      .or(page.getByRole('button', { name: 'Shuffle' }))
      .first()
      .waitFor()
    expect(await page.evaluate(() => document.querySelector('main')?.scrollTop)).toBe(0)
    await page.goBack()
    await poll(() => page.evaluate(() => document.querySelector('main')?.scrollTop ?? 0)).toBeGreaterThan(900_000)
  })
})
