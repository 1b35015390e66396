import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import type { JourneyTab } from './journey-tab.ts'

let code: Promise<string> | undefined

/** The script of journey-tab.ts, which sets `journeyTab`. */
const bundle = async (): Promise<string> => {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, 'journey-tab.ts'),
        formats: ['iife'],
        name: 'journeyDocuments',
      },
    },
  })
  const [first] = Array.isArray(output) ? output : [output]
  const [chunk] = first !== undefined && 'output' in first ? first.output : []
  if (chunk?.type !== 'chunk') throw new Error('nothing was built')
  return chunk.code
}

type WithTab = { readonly journeyTab: JourneyTab }

/** A page as one more tab that shows and edits the settings of the account. The page's own code leads. */
export type DocumentTab = {
  readonly page: Page
  change(id: string, name: string, value: string): Promise<unknown>
  values(): Promise<unknown>
  status(): Promise<ReturnType<JourneyTab['status']>>
}

/** Carries the documents of a tab into a page that is open. A page that is loaded again needs it again. */
export const openDocumentTab = async (page: Page): Promise<DocumentTab> => {
  code ??= bundle()
  await page.evaluate(await code)
  return {
    page,
    change: (id, name, value) =>
      page.evaluate(([intent, key, text]) => (globalThis as unknown as WithTab).journeyTab.change(intent, key, text), [
        id,
        name,
        value,
      ] as const),
    values: () => page.evaluate(() => (globalThis as unknown as WithTab).journeyTab.values()),
    status: () => page.evaluate(() => (globalThis as unknown as WithTab).journeyTab.status()),
  }
}
