import type { Track } from '@tonestead/protocol/catalog'
import type { Page } from 'playwright-core'
import { playButton, releaseAddress, type Take } from './playback/first-sound-cases.ts'
import { linesOption, parseLines, unthrottled } from './playback/lines.ts'
import { openListener, settleIn, untilSound } from './playback/open-listener.ts'
import { noteFigures, openPlaybackPeers } from './playback/playback-peers.ts'
import { startThrottledServer, type ThrottledServer } from './playback/throttled-server.ts'
import { parseCount } from './runner/bench-options.ts'
import { median, row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

/** Three seeks in each track, as shares of its length: forward, back, forward. */
const targets = [0.67, 0.13, 0.93]

/** Half more than the physical limit may go by, or 150 ms where that is more. */
const levelAbove = (limitMs: number): number => limitMs + Math.max(limitMs * 0.5, 150)

/** Round trip and the bytes of the smallest chunk that holds the target. */
const seekLimitMs = async (server: ThrottledServer, { track, line }: Take, seconds: number): Promise<number> => {
  const { head, tail } = await server.manifestOf(track)
  const segment = Math.floor((seconds * head.sampleRateHz) / (head.framesPerSegment * head.samplesPerFrame))
  const smallest = Math.min(...tail.renditions.map((chunks) => chunks[segment]?.sizeBytes ?? Infinity))
  return line.latencyMs + (smallest * 8000) / line.bitsPerSecond
}

/** Clicks into the seek slider; its visible bar may be an element around the input. */
const seekTo = async (page: Page, share: number): Promise<{ afterMs: number; toSeconds: number }> => {
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
  server: ThrottledServer,
  page: Page,
  take: Take,
): Promise<{ value: number; limit: number }> => {
  server.link.setLine(unthrottled)
  await page.goto(releaseAddress(server, take.track))
  await playButton(page, take.track).waitFor()
  await page.waitForTimeout(1500)
  server.link.setLine(take.line)
  await playButton(page, take.track).click()
  await untilSound(page)
  const [values, limits]: [number[], number[]] = [[], []]
  for (const share of targets) {
    const { afterMs, toSeconds } = await seekTo(page, share)
    values.push(afterMs)
    limits.push(await seekLimitMs(server, take, toSeconds))
    await page.waitForTimeout(1000)
  }
  noteFigures('ours', values)
  return { value: median(values), limit: median(limits) }
}

const measurePeer = async (page: Page, seconds: number): Promise<number[]> => {
  const values: number[] = []
  for (const share of targets) {
    values.push((await page.evaluate(`seekTo(${share * seconds})`)) as number)
    await page.waitForTimeout(1000)
  }
  return values
}

await runBench(
  {
    name: 'seek',
    about:
      'Time of a seek far into what was not fetched: from the `seeking` event until the media element moves on at the new position. Compared with hls.js on the same chunks and with a plain M4A file. The median of three seeks.',
    options: { lines: linesOption, seconds: { about: 'length of the tracks in seconds', value: '300', short: '90' } },
    requiredTools: ['chromium'],
    peerTools: ['ffmpeg'],
  },
  async (run) => {
    const lines = parseLines(run.options.lines)
    const seconds = parseCount('seconds', run.options.seconds)
    const server = await startThrottledServer(run, { tracks: lines.length, seconds })
    const peers = await openPlaybackPeers(run, server)
    const listener = await openListener(run, 'listener')
    const page = listener.pages()[0] ?? (await listener.newPage())
    await settleIn(page, server.origin)
    for (const [at, { name, line }] of lines.entries()) {
      const take = { track: server.tracks[at] as Track, line }
      const { value, limit } = await measureOurs(server, page, take)
      const figures = { case: name, metric: 'far seek', unit: 'ms', better: 'lower', value } as const
      run.add(row({ ...figures, limit, level: levelAbove(limit) }))
      for (const peer of peers.names.filter((one) => one !== 'hls.js default')) {
        const values = await peers.play({ ...take, peer }, (peerPage) => measurePeer(peerPage, seconds))
        noteFigures(`${peer}, ${name}`, values)
        run.add(row({ ...figures, peer, peerValue: median(values) }))
      }
    }
  },
)
