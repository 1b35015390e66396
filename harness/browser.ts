import { chromium, type BrowserContext } from 'playwright-core'
import { chromiumArguments } from './chromium-arguments.ts'

/** Undefined where there is no Chromium: the journeys are then skipped by name. */
export const chromiumPath = process.env['TONESTEAD_CHROMIUM']

/** A browser profile of its own: a device. */
export const openDevice = async (options: {
  profile: string
  viewport?: { width: number; height: number }
  args?: readonly string[]
  isRecorded?: boolean
  serviceWorkers?: 'allow' | 'block'
  /** False where the caller closes the browser on SIGINT and SIGTERM; else Playwright does, and ends the process. */
  handlesSignals?: boolean
}): Promise<BrowserContext> =>
  chromium.launchPersistentContext(options.profile, {
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    headless: true,
    handleSIGINT: options.handlesSignals ?? true,
    handleSIGTERM: options.handlesSignals ?? true,
    bypassCSP: options.isRecorded ?? false,
    serviceWorkers: options.serviceWorkers ?? 'allow',
    viewport: options.viewport ?? { width: 1440, height: 900 },
    args: [
      ...chromiumArguments,
      '--autoplay-policy=no-user-gesture-required',
      '--headless=new',
      ...(options.args ?? []),
    ],
  })
