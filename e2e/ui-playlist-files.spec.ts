import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { fridayList, importFile } from './ui/screens.ts'
import { useStories } from './ui/use-stories.ts'

// The dialog that imports a playlist file, over fake services.

const stories = useStories()
afterEach(stories.closePages)

const poll = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 })
const open = async (state = 'ready'): Promise<Page> => {
  const page = await stories.open({ path: '/', dialog: 'import', state })
  await page.getByRole('dialog', { name: 'Import playlist' }).waitFor()
  return page
}
/** Title and tracks that the dialog gave to its owner. */
const imported = (page: Page) =>
  page.evaluate(() => {
    const { imported } = globalThis as unknown as {
      imported?: { title: string; tracks: { title: string }[] }
    }
    return imported === undefined ? undefined : [imported.title, ...imported.tracks.map(({ title }) => title)]
  })

describe.skipIf(chromiumPath === undefined)('importing a playlist', () => {
  test('what is in the library is imported in order, and an entry that was not found is searched and chosen by keys', async () => {
    const page = await open()
    await importFile(page, 'Friday.m3u8', fridayList)
    await page.getByText('2 of 4 entries are in the library.').waitFor()
    await page.getByText('In the library by somebody else').waitFor()
    await page.getByText('Not in the library', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Search for River Answer, Somebody Else' }).press('Enter')
    const field = page.getByRole('searchbox', { name: 'Search for River Answer, Somebody Else' })
    await field.fill('silver days nils')
    await page.getByRole('button', { name: 'Use Silver Days by Nils Okonkwo' }).first().press('Enter')
    await page.getByLabel('Name').fill('My Friday')
    await page.getByRole('button', { name: 'Import 3 tracks' }).click()
    await poll(() => imported(page)).toEqual(['My Friday', 'Cloud Letters', 'Silver Days', 'Silver Days'])
  })

  test('a chosen track can be left out again, and with nothing found nothing can be imported', async () => {
    const page = await open()
    await importFile(page, 'list.m3u8', '#EXTM3U\n#EXTINF:-1,Nobody - Nothing of the Kind\nx.mp3')
    await page.getByText('0 of 1 entry are in the library.').waitFor()
    expect(await page.getByRole('button', { name: 'Import 0 tracks' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Search for Nothing of the Kind, Nobody' }).click()
    await page.getByText('Nothing was found. Try fewer words.').waitFor()
    await page.getByRole('searchbox', { name: /^Search for Nothing/ }).fill('cloud letters')
    await page
      .getByRole('button', { name: /^Use Cloud Letters/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Import 1 track', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Leave out Nothing of the Kind, Nobody' }).click()
    await page.getByRole('button', { name: 'Import 0 tracks' }).waitFor()
  })

  test('what the server did not answer is asked again when the person says so', async () => {
    const page = await open('offline')
    await importFile(page, 'Friday.m3u8', fridayList)
    await page.getByText('The server did not answer for some entries').waitFor()
    await page.evaluate(() =>
      (globalThis as unknown as { services: { goOnline(isOnline: boolean): void } }).services.goOnline(true),
    )
    await page.getByRole('button', { name: 'Try again' }).last().click()
    await page.getByText('2 of 4 entries are in the library.').waitFor()
  })
})
