import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { sizes, type Screen, type Size } from './ui/screen.ts'
import { screens, tabletScreens } from './ui/screens.ts'
import { useStories } from './ui/use-stories.ts'

// axe on every screen over fake services, in both themes. The same page with the real server: play.spec.ts.

const stories = useStories()

type Opened = { readonly page: Page; readonly errors: string[] }

const open = async ({ state, path, dialog }: Screen, size: Size): Promise<Opened> => {
  const errors: string[] = []
  const page = await stories.open(
    { path, state, dialog, context: { viewport: sizes[size], colorScheme: 'dark' } },
    (page) => {
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      page.on('pageerror', (error) => errors.push(error.message))
    },
  )
  await page.locator('main h1').first().waitFor({ state: 'attached' })
  if (state !== 'loading')
    await page.waitForFunction(
      () =>
        document.querySelector('main h1') !== null && document.querySelector('main [class*=_skeletonBlock]') === null,
    )
  return { page, errors }
}

const themes = ['dark', 'light'] as const
/** The second theme changes colors and nothing else, so there only the rules about colors can answer differently. */
const rulesOf = (theme: (typeof themes)[number]): axe.RunOptions =>
  theme === 'dark'
    ? { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
    : { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }

/** Changes the theme and waits until no color moves any more. */
const setTheme = (page: Page, theme: string): Promise<void> =>
  page.evaluate(async (name) => {
    document.documentElement.dataset['theme'] = name
    const isFinite = ({ effect }: Animation) => effect?.getComputedTiming().endTime !== Infinity
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(isFinite)
        .map((animation) => animation.finished),
    )
  }, theme)

const violationsOf = async (page: Page, options: axe.RunOptions): Promise<string[]> => {
  const { violations } = await page.evaluate(
    (run) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { ...run, resultTypes: ['violations'] }),
    options,
  )
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`)
        .slice(0, 3)
        .join(' | ')}`,
  )
}

/**
 * `npm run campaign -- screens` tests every screen at every size. Here each is tested at one size, the two kinds by turns, so that all screens
 * are tested and the whole test run stays short.
 */
const isEverySize = process.env['TONESTEAD_EVERY_SIZE'] !== undefined
const screensAt = (size: Size): readonly Screen[] => {
  if (size === 'tablet') return screens.filter(({ name }) => isEverySize && tabletScreens.has(name))
  return screens.filter((_, index) => isEverySize || index % 2 === (size === 'desktop' ? 0 : 1))
}

for (const size of ['desktop', 'tablet', 'phone'] as const) {
  describe.skipIf(chromiumPath === undefined || screensAt(size).length === 0)(`on a ${size}`, () => {
    for (const screen of screensAt(size)) {
      // Two at a time (maxConcurrency): most of the time goes into axe, which uses one core.
      test.concurrent(`${screen.name} has no violations of axe rules, dark or light`, async () => {
        const { page, errors } = await open(screen, size)
        try {
          await screen.prepare?.(page, size)
          await page.evaluate(axe.source)
          for (const theme of themes) {
            await setTheme(page, theme)
            if (process.env['TONESTEAD_SHOTS'] !== undefined)
              await page.screenshot({
                path: `${process.env['TONESTEAD_SHOTS']}/${screen.name.replaceAll(/\W+/g, '-')}-${size}-${theme}.png`,
              })
            expect(await violationsOf(page, rulesOf(theme))).toEqual([])
          }
          expect(errors).toEqual([])
          expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        } finally {
          await page.context().close()
        }
      })
    }
  })
}
