import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { useStories } from './ui/use-stories.ts'

// The search page over fake services: keys, address, live region. The same with the real server: search.spec.ts.

const stories = useStories()
afterEach(stories.closePages)

const poll = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 })

const open = async (path: string, state = 'ready'): Promise<Page> => {
  const page = await stories.open({ path, state })
  await page.locator('main h1').waitFor({ state: 'attached' })
  return page
}
const field = (page: Page) => page.getByRole('searchbox', { name: 'Search' })
const main = (page: Page) => page.getByRole('main')
const player = (page: Page) => page.getByRole('region', { name: 'Player' })
const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')
const query = (page: Page) => new URL(page.url()).searchParams
/** Waits for the results of the text that is in the field. */
const untilResults = (page: Page) => page.locator('main [aria-busy=false] [data-line]').first().waitFor()

describe.skipIf(chromiumPath === undefined)('keys', () => {
  test('Ctrl+K, Cmd+K and the slash focus the field from anywhere and select its text', async () => {
    const page = await open('/library/tracks')
    await page.keyboard.press('Control+k')
    await poll(() => page.evaluate(() => document.activeElement?.id)).toBe('search-box')
    await page.keyboard.type('river')
    await untilResults(page)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('/')
    await page.keyboard.type('quiet')
    expect(await field(page).inputValue()).toBe('quiet')
    await page.keyboard.press('Meta+k')
    expect(await page.evaluate(() => getSelection()?.toString())).toBe('quiet')
  })

  test('arrow keys move from the field through suggestions and results, and back', async () => {
    const page = await open('/search')
    await page.keyboard.type('river')
    await untilResults(page)
    await page.getByRole('toolbar', { name: 'Suggestions' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await poll(() => focusedName(page)).toMatch(/^river /)
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.previousElementSibling?.tagName)).toBe('BUTTON')
    await page.keyboard.press('ArrowDown')
    await poll(() => focusedName(page)).toBe('Sister Rivers')
    await page.keyboard.press('ArrowRight')
    await poll(() => focusedName(page)).toBe('Play the top result, Sister Rivers')
    await page.keyboard.press('ArrowDown')
    const rows = await main(page)
      .getByRole('button', { name: /^Play River/ })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')))
    await poll(() => focusedName(page)).toBe(rows[0])
    for (let row = 1; row < 4; row += 1) await page.keyboard.press('ArrowDown')
    await poll(() => focusedName(page)).toBe(rows[3])
    await page.keyboard.press('ArrowDown')
    await poll(() => focusedName(page)).toMatch(/^Sister Rivers/)
    await page.keyboard.press('ArrowUp')
    await poll(() => focusedName(page)).toBe(rows[3])
    for (let row = 0; row < 6; row += 1) await page.keyboard.press('ArrowUp')
    await poll(() => page.evaluate(() => document.activeElement?.id)).toBe('search-box')
  })

  test('a chosen suggestion is put into the field, and Enter plays the top result', async () => {
    const page = await open('/search')
    await page.keyboard.type('river ans')
    await untilResults(page)
    await page.getByRole('toolbar', { name: 'Suggestions' }).getByRole('button').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await field(page).inputValue()).toBe('river answer')
    await poll(() => page.evaluate(() => document.activeElement?.id)).toBe('search-box')
    await page.keyboard.press('Enter')
    await player(page).getByRole('link', { name: 'River Answer' }).waitFor()
    await player(page).getByRole('button', { name: 'Pause', exact: true }).waitFor()
  })

  test('Enter before the results waits for the results of what was typed', async () => {
    const page = await open('/search')
    await page.keyboard.type('river answer')
    await page.keyboard.press('Enter')
    await player(page).getByRole('link', { name: 'River Answer' }).waitFor()
    await page.goto(`${stories.origin()}/stories.html?path=/search`)
    await field(page).waitFor()
    await field(page).fill('sister rivers')
    await field(page).press('Enter')
    await page.getByRole('heading', { name: 'Sister Rivers', level: 1 }).waitFor()
    await page.goBack()
    await poll(() => field(page).inputValue()).toBe('sister rivers')
  })

  test('every Tab stop in the results is visible, in the order of the page', async () => {
    const page = await open('/search?q=river')
    await untilResults(page)
    await main(page).getByRole('link', { name: 'All', exact: true }).focus()
    const places: number[] = []
    for (let stop = 0; stop < 20; stop += 1) {
      await page.keyboard.press('Tab')
      const seen = await page.evaluate(() => {
        const focused = document.activeElement
        if (focused === null || focused.closest('main') === null) return undefined
        const box = focused.getBoundingClientRect()
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
        // The link of the top result covers its whole card.
        return {
          isShown:
            focused.closest('article') !== null || (top !== null && (focused.contains(top) || top.contains(focused))),
          order: [...document.querySelectorAll('main *')].indexOf(focused),
        }
      })
      if (seen === undefined) break
      expect(seen.isShown, `stop ${stop}: ${await focusedName(page)}`).toBe(true)
      places.push(seen.order)
    }
    expect(places.length).toBeGreaterThan(10)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('rows that stay among the results keep their elements, and old results are shown until the next ones', async () => {
    const page = await open('/search')
    await field(page).pressSequentially('riv')
    await untilResults(page)
    const gaps = await page.evaluateHandle(() => {
      const row = document.querySelector('main [data-row]')
      Object.assign(globalThis, { row })
      const counts = { gaps: 0 }
      new MutationObserver(() => {
        if (document.querySelector('main [data-row]') === null) counts.gaps += 1
      }).observe(document.body, { subtree: true, childList: true })
      return counts
    })
    await field(page).pressSequentially('er')
    await poll(() => query(page).get('q')).toBe('river')
    await untilResults(page)
    expect(await gaps.evaluate((counts) => counts.gaps)).toBe(0)
    expect(await page.evaluate(() => (globalThis as unknown as { row: Element }).row.isConnected)).toBe(true)
  })

  test('Escape clears the field, and again leaves it', async () => {
    const page = await open('/search?q=river')
    await untilResults(page)
    await field(page).focus()
    await page.keyboard.press('Escape')
    expect([await field(page).inputValue(), await page.evaluate(() => document.activeElement?.id)]).toEqual([
      '',
      'search-box',
    ])
    await page.getByRole('heading', { name: 'Recent searches' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  })
})

describe.skipIf(chromiumPath === undefined)('the address', () => {
  test('it holds text and filters, and going back undoes them one by one', async () => {
    const page = await open('/')
    await field(page).fill('river')
    await poll(() => query(page).get('q')).toBe('river')
    await page.getByRole('group', { name: 'Filters' }).getByRole('link', { name: 'Tracks' }).click()
    await page.getByRole('button', { name: 'Lossless' }).click()
    await page.getByRole('combobox', { name: 'Year' }).selectOption('1980s')
    await poll(() => query(page).toString()).toBe('q=river&kind=track&lossless=1&years=1980-1989')
    for (const expected of ['q=river&kind=track&lossless=1', 'q=river&kind=track', 'q=river', '']) {
      await page.goBack()
      await poll(() => query(page).toString()).toBe(expected)
    }
    await page.goForward()
    await poll(() => field(page).inputValue()).toBe('river')
    await page.getByRole('link', { name: 'Show all: Tracks' }).click()
    await page.getByRole('grid', { name: 'Tracks found' }).waitFor()
    expect(query(page).get('kind')).toBe('track')
  })

  test('all results of one kind are loaded page by page while scrolling', async () => {
    const page = await open('/search?q=river&kind=track')
    await untilResults(page)
    const rows = () => page.getByRole('grid').locator('[data-row]').count()
    await poll(async () => {
      await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 1e6))
      return rows()
    }).toBeGreaterThan(45)
  })

  test('the page keeps working, whatever is typed or pasted', async () => {
    const page = await open('/search')
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    for (const text of [
      'x'.repeat(10_000),
      '^(a+)+$ .* [',
      '😀'.repeat(150),
      '\u0000\u0007\u202e olleh',
      '%',
      '"unclosed artist:',
      '<img src=x onerror=alert(1)>',
      `${'a'.repeat(199)}😀`,
    ]) {
      await page.evaluate((value) => {
        const input = document.getElementById('search-box') as HTMLInputElement
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, value)
        input.dispatchEvent(new Event('input', { bubbles: true }))
      }, text)
      await page.locator('main [aria-busy=false]').waitFor()
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    }
    await field(page).fill('river')
    await untilResults(page)
    await main(page)
      .getByRole('button', { name: /^Play River/ })
      .first()
      .waitFor()
    expect(complaints).toEqual([])
  })
})

describe.skipIf(chromiumPath === undefined)('announcements and recent searches', () => {
  test('the live region announces the number of results after a pause in typing', async () => {
    const page = await open('/search')
    const said = await page.evaluateHandle(() => {
      const texts: string[] = []
      new MutationObserver(() => {
        const text = document.querySelector('main [role=status]')?.textContent ?? ''
        if (text !== '' && text !== texts.at(-1)) texts.push(text)
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
      return texts
    })
    // In one task of the page, so that there is no pause between the letters, however slow the machine is.
    await page.evaluate((text) => {
      const input = document.getElementById('search-box') as HTMLInputElement
      for (let length = 1; length <= text.length; length += 1) {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text.slice(0, length))
        input.dispatchEvent(new Event('input', { bubbles: true }))
      }
    }, 'river ans')
    await poll(() => main(page).getByRole('status').textContent()).toMatch(/results? for “river ans”\.$/)
    const all = await said.evaluate((texts) => texts)
    expect(all.length).toBeLessThan(5)
    await field(page).fill('zzzz')
    await poll(() => main(page).getByRole('status').textContent()).toBe('No results for “zzzz”.')
  })

  test('what was played or opened is a recent search, which can be removed and restored', async () => {
    const page = await open('/search', 'administrator')
    await field(page).fill('glass')
    await untilResults(page)
    await main(page)
      .getByRole('button', { name: /^Play / })
      .first()
      .click()
    await field(page).fill('')
    const recents = page.getByRole('region', { name: 'Recent searches' }).getByRole('link')
    await poll(() => recents.first().textContent()).toMatch(/glass/i)
    const before = await recents.count()
    await page
      .getByRole('button', { name: /from recent searches$/ })
      .first()
      .click()
    await poll(() => recents.count()).toBe(before - 1)
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByText('What would you like to hear').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await poll(() => recents.count()).toBe(before - 1)
  })

  test('playing a row queues the results from that row on', async () => {
    const page = await open('/search?q=river&kind=track')
    await untilResults(page)
    const names = await main(page)
      .getByRole('button', { name: /^Play / })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')?.slice(5)))
    await main(page)
      .getByRole('button', { name: /^Play / })
      .nth(2)
      .click()
    await player(page)
      .getByRole('link', { name: names[2] ?? '' })
      .waitFor()
    await player(page).getByRole('button', { name: 'Next', exact: true }).click()
    await player(page)
      .getByRole('link', { name: names[3] ?? '' })
      .waitFor()
  })

  test('without a network, playing a track that is not on this device says so', async () => {
    const page = await open('/search?q=river&kind=track', 'offline')
    await untilResults(page)
    await main(page)
      .getByRole('button', { name: /^Play / })
      .first()
      .click()
    await page.getByText(/^You are offline, and “.*” is not on this device\.$/).waitFor()
  })
})
