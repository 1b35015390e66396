import { join } from 'node:path'
import type { Track } from '@tonestead/protocol/catalog'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { fast, openListener, openListeningRoom, settleIn, untilSound } from './listening-room.ts'
import { note, printRows, row } from './rows.ts'

// The line falls from 1 Mbit/s to 150 kbit/s in mid-track: how often, and how long, does the sound wait? Adaptive bit rate has to come down in time.

const seconds = 150
const dropAfterMs = 6_000
const listenMs = 100_000

const main = async (): Promise<void> => {
  await using folder = await temporaryFolder('bench-rebuffer')
  const room = await openListeningRoom(folder.path, { tracks: 1, seconds })
  const context = await openListener(join(folder.path, 'listener'))
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    await settleIn(page, room)
    const track = room.tracks[0] as Track
    await page.goto(`http://localhost:${room.link.port}/release/${track.release.id}`)
    const play = page.getByRole('button', { name: `Play ${track.title}`, exact: true })
    await play.waitFor()
    room.link.setLine({ latencyMs: 50, bitsPerSecond: 1_000_000 })
    await play.click()
    await untilSound(page)
    await page.waitForTimeout(dropAfterMs)
    room.link.setLine({ latencyMs: 50, bitsPerSecond: 150_000 })
    const before = await page.evaluate(() => ({ at: performance.now(), position: globalThis.watched.position() }))
    await page.waitForTimeout(listenMs)
    const after = await page.evaluate(() => ({ at: performance.now(), position: globalThis.watched.position() }))
    const stalledMs = after.at - before.at - (after.position - before.position) * 1000
    const waits = await page.evaluate(() => globalThis.watched.waits)
    note(
      `waited at ${(await page.evaluate(() => globalThis.watched.waitedAt)).map((at) => at.toFixed(1)).join(', ')} s`,
    )
    note(
      `from ${before.position.toFixed(1)} s to ${after.position.toFixed(1)} s in ${((after.at - before.at) / 1000).toFixed(1)} s`,
    )
    room.link.setLine(fast)
    const figures = { case: '1 Mbit/s to 150 kbit/s', better: 'lower' } as const
    printRows([
      // A ratio to a limit of nothing is not a number: one wait would be one too many.
      row({ ...figures, metric: 'rebuffers', unit: 'count', value: waits, peer: 'goal', peerValue: 0 }),
      row({ ...figures, metric: 'silence', unit: 'ms', value: Math.max(0, stalledMs), limit: 250 }),
    ])
  } finally {
    await context.close()
    await room.close()
  }
}

await main()
