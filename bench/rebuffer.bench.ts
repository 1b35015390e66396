import type { Track } from '@tonestead/protocol/catalog'
import { playButton, releaseAddress } from './playback/first-sound-cases.ts'
import { openListener, settleIn, untilSound } from './playback/open-listener.ts'
import { startThrottledServer } from './playback/throttled-server.ts'
import { parseCount } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

const dropAfterMs = 6_000
const silenceLevelMs = 250

await runBench(
  {
    name: 'rebuffer',
    about:
      'The line falls from 1 Mbit/s to 150 kbit/s during playback: how often, and for how long, does playback wait for data? The choice of renditions has to go down in time.',
    options: { seconds: { about: 'seconds to listen after the fall', value: '100', short: '25' } },
    requiredTools: ['chromium'],
  },
  async (run) => {
    const listenSeconds = parseCount('seconds', run.options.seconds)
    // What is fetched before the fall must not last to the end of the track.
    const server = await startThrottledServer(run, { tracks: 1, seconds: listenSeconds + 50 })
    const context = await openListener(run, 'listener')
    const page = context.pages()[0] ?? (await context.newPage())
    const positionNow = () => page.evaluate(() => ({ at: performance.now(), position: globalThis.watched.position() }))
    await settleIn(page, server.origin)
    const track = server.tracks[0] as Track
    await page.goto(releaseAddress(server, track))
    await playButton(page, track).waitFor()
    server.link.setLine({ latencyMs: 50, bitsPerSecond: 1_000_000 })
    await playButton(page, track).click()
    await untilSound(page)
    await page.waitForTimeout(dropAfterMs)
    server.link.setLine({ latencyMs: 50, bitsPerSecond: 150_000 })
    const before = await positionNow()
    await page.waitForTimeout(listenSeconds * 1000)
    const after = await positionNow()
    const silenceMs = after.at - before.at - (after.position - before.position) * 1000
    const { waits, waitedAt } = await page.evaluate(() => ({
      waits: globalThis.watched.waits,
      waitedAt: globalThis.watched.waitedAt,
    }))
    if (waits > 0) note(`playback waited at ${waitedAt.map((at) => at.toFixed(1)).join(', ')} s`)
    note(
      `played from ${before.position.toFixed(1)} s to ${after.position.toFixed(1)} s in ${((after.at - before.at) / 1000).toFixed(1)} s`,
    )
    const figures = { case: '1 Mbit/s to 150 kbit/s', better: 'lower' } as const
    run.add(
      row({ ...figures, metric: 'rebuffers', unit: 'count', value: waits, level: 0 }),
      row({ ...figures, metric: 'silence', unit: 'ms', value: Math.max(0, silenceMs), level: silenceLevelMs }),
    )
  },
)
