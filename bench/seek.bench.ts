import { join } from 'node:path'
import type { Track } from '@tonestead/protocol/catalog'
import type { Page } from 'playwright-core'
import { openDevice } from '../harness/browser.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import {
  fast,
  lines,
  openListener,
  openListeningRoom,
  settleIn,
  untilSound,
  type ListeningRoom,
} from './listening-room.ts'
import { makeProgressiveFile, startPeerServer } from '../harness/peer-page.ts'
import { median, note, printRows, row, type Row } from './rows.ts'
import { openThrottledLink, type Line } from './playback/throttled-link.ts'

// Far seeks into what nobody has fetched: from the element's `seeking` to the moment it moves on at the new place. Three a track, medians.

const seconds = 300
const targets = [0.67, 0.13, 0.93]

/** Latency and the smallest chunk that holds the target. */
const limitMs = async (room: ListeningRoom, track: Track, run: { line: Line; atSeconds: number }): Promise<number> => {
  const { head, tail } = await room.manifestOf(track)
  const segment = Math.floor((run.atSeconds * head.sampleRateHz) / (head.framesPerSegment * head.samplesPerFrame))
  const smallest = Math.min(...tail.renditions.map((chunks) => chunks[segment]?.sizeBytes ?? Infinity))
  return run.line.latencyMs + (smallest * 8000) / run.line.bitsPerSecond
}

const seekOurs = async (page: Page, share: number): Promise<{ afterMs: number; toSeconds: number }> => {
  const slider = page.getByRole('region', { name: 'Player' }).getByRole('slider', { name: 'Seek' })
  const box = await slider.evaluate((element) => {
    const wide =
      [element, ...ancestors(element)].find((candidate) => candidate.getBoundingClientRect().width > 100) ?? element
    const { x, y, width, height } = wide.getBoundingClientRect()
    return { x, y, width, height }
    function* ancestors(start: Element): Generator<Element> {
      for (let parent = start.parentElement; parent !== null; parent = parent.parentElement) yield parent
    }
  })
  await page.evaluate(() => void (globalThis.watched.seekAfterMs = Number.NaN))
  await page.mouse.click(box.x + box.width * share, box.y + box.height / 2)
  await page.waitForFunction(() => !Number.isNaN(globalThis.watched.seekAfterMs), undefined, {
    timeout: 60_000,
    polling: 50,
  })
  return page.evaluate(() => ({ afterMs: globalThis.watched.seekAfterMs, toSeconds: globalThis.watched.seekTo }))
}

const measureOurs = async (
  room: ListeningRoom,
  page: Page,
  run: { track: Track; line: Line },
): Promise<{ value: number; limit: number }> => {
  room.link.setLine(fast)
  await page.goto(`http://localhost:${room.link.port}/release/${run.track.release.id}`)
  const play = page.getByRole('button', { name: `Play ${run.track.title}`, exact: true })
  await play.waitFor()
  await page.waitForTimeout(1500)
  room.link.setLine(run.line)
  await play.click()
  await untilSound(page)
  const [values, limits]: [number[], number[]] = [[], []]
  for (const share of targets) {
    const { afterMs, toSeconds } = await seekOurs(page, share)
    values.push(afterMs)
    limits.push(await limitMs(room, run.track, { line: run.line, atSeconds: toSeconds }))
    await page.waitForTimeout(1000)
  }
  note(`ours: ${values.map(Math.round).join(' ')} ms`)
  return { value: median(values), limit: median(limits) }
}

const measurePeer = async (page: Page, start: string): Promise<number> => {
  await page.evaluate(start)
  const values: number[] = []
  for (const share of targets) {
    values.push((await page.evaluate(`seekTo(${share * seconds})`)) as number)
    await page.waitForTimeout(1000)
  }
  note(`${start.slice(0, 60)}: ${values.map(Math.round).join(' ')} ms`)
  return median(values)
}

const main = async (): Promise<void> => {
  await using folder = await temporaryFolder('bench-seek')
  const room = await openListeningRoom(folder.path, { tracks: lines.length, seconds })
  const listener = await openListener(join(folder.path, 'listener'))
  const peerContext = await openDevice({ profile: join(folder.path, 'peer') })
  const rows: Row[] = []
  const files = new Map(
    [...room.sources].map(([title]) => [`/${encodeURIComponent(title)}.m4a`, join(folder.path, `${title}.m4a`)]),
  )
  for (const [title, source] of room.sources) makeProgressiveFile(source, join(folder.path, `${title}.m4a`))
  const peers = await startPeerServer(room.server.origin, files)
  const peerLink = await openThrottledLink(peers.port, fast)
  try {
    const page = listener.pages()[0] ?? (await listener.newPage())
    await settleIn(page, room)
    for (const [place, { name, line }] of lines.entries()) {
      const track = room.tracks[place] as Track
      const { value, limit } = await measureOurs(room, page, { track, line })
      const figures = { case: name, metric: 'far seek', unit: 'ms', better: 'lower', value } as const
      rows.push(row({ ...figures, limit: limit + Math.max(limit * 0.5, 150) }))
      const { master } = (await (
        await room.device.request('POST', '/api/hls-links', { recordingId: track.recordingId })
      ).json()) as { master: string }
      for (const [peer, start] of [
        ['hls.js lowest', `playHls(${JSON.stringify(master)}, { startLevel: 0 })`],
        ['plain m4a 128', `playFile(${JSON.stringify(`/${encodeURIComponent(track.title)}.m4a`)})`],
      ] as const) {
        const peerPage = await peerContext.newPage()
        peerLink.setLine(fast)
        await peerPage.goto(`http://localhost:${peerLink.port}/`)
        peerLink.setLine(line)
        rows.push(row({ ...figures, peer, peerValue: await measurePeer(peerPage, start) }))
        await peerPage.close()
      }
    }
    printRows(rows)
  } finally {
    await listener.close()
    await peerContext.close()
    await peerLink.close()
    await peers.close()
    await room.close()
  }
}

await main()
