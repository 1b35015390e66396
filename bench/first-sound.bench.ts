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

// From the click on Play to the media element moving: our page on the real server behind a slow line, beside hls.js on the same chunks and a
// plain M4A, in the same run. Every repetition takes a track that nobody has fetched before, so no cache helps anybody.

const repetitions = Number(process.argv[process.argv.indexOf('--repetitions') + 1]) || 5

/** hls.js as it comes, and told to begin with the lowest level. */
const peers = ['hls.js default', 'hls.js lowest', 'plain m4a 128'] as const
type Peer = (typeof peers)[number]

/** Latency and the bytes of the smallest first chunk: nobody can be faster on this line with these chunks. */
const limitMs = async (room: ListeningRoom, track: Track, line: Line): Promise<number> => {
  const { head } = await room.manifestOf(track)
  const smallest = Math.min(...head.renditions.map((rendition) => rendition.first[0]?.sizeBytes ?? Infinity))
  return line.latencyMs + (smallest * 8000) / line.bitsPerSecond
}

const releasePath = (track: Track): string => `/release/${track.release.id}`

const playNamed = (page: Page, track: Track) => page.getByRole('button', { name: `Play ${track.title}`, exact: true })

/** The release is on the screen, keys are here, the worker runs: only the chunk is missing. */
const withHeadAndKey = async (room: ListeningRoom, page: Page, run: { track: Track; line: Line }): Promise<number> => {
  room.link.setLine(fast)
  await page.goto(`http://localhost:${room.link.port}${releasePath(run.track)}`)
  await playNamed(page, run.track).waitFor()
  await page.waitForTimeout(1500)
  room.link.setLine(run.line)
  await playNamed(page, run.track).click()
  return untilSound(page)
}

/** The app runs, nothing of the release is here, no key, no worker state: from going to its page to sound, Play pressed in the frame in which it comes. */
const withColdManifest = async (
  room: ListeningRoom,
  page: Page,
  run: { track: Track; line: Line },
): Promise<number> => {
  room.link.setLine(fast)
  await page.goto(`http://localhost:${room.link.port}/settings`)
  await page.waitForTimeout(1000)
  await forgetAnswers(page)
  room.link.setLine(run.line)
  await page.evaluate((path) => {
    globalThis.watched.startedAt = performance.now()
    history.pushState(null, '', path)
  }, releasePath(run.track))
  return pressWhenThere(page, run.track)
}

const forgetAnswers = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error('the database does not open'))
      })
      const stores = [...database.objectStoreNames].filter(
        (store) => /key|answer|catalog|licen/i.test(store) && !/device|account/i.test(store),
      )
      if (stores.length > 0) {
        const transaction = database.transaction(stores, 'readwrite')
        for (const store of stores) transaction.objectStore(store).clear()
        await new Promise((resolve) => (transaction.oncomplete = resolve))
      }
      database.close()
    }
  })

/** Clicks inside the page, in the frame in which the button comes; time counts from the navigation, or from `startedAt`. */
const pressWhenThere = async (page: Page, track: Track): Promise<number> => {
  await page.waitForFunction(
    (name) => {
      const button = [...document.querySelectorAll('button')].find(
        (candidate) => candidate.getAttribute('aria-label') === name || candidate.textContent === name,
      )
      button?.click()
      return button !== undefined
    },
    `Play ${track.title}`,
    { polling: 'raf', timeout: 90_000 },
  )
  await untilSound(page)
  return page.evaluate(
    () => globalThis.watched.clickedAt + globalThis.watched.soundAfterMs - globalThis.watched.startedAt,
  )
}

const firstVisit = async (
  room: ListeningRoom,
  folder: string,
  run: { track: Track; line: Line; round: number },
): Promise<number> => {
  const context = await openListener(join(folder, `visitor-${run.round}-${run.line.bitsPerSecond}`))
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    room.link.setLine(run.line)
    await page.goto(`http://localhost:${room.link.port}${releasePath(run.track)}`, { waitUntil: 'commit' })
    return await pressWhenThere(page, run.track)
  } finally {
    room.link.setLine(fast)
    await context.close()
  }
}

/** Plays once through, takes the line away, plays again. */
const offline = async (room: ListeningRoom, page: Page, track: Track): Promise<number> => {
  room.link.setLine(fast)
  await page.goto(`http://localhost:${room.link.port}${releasePath(track)}`)
  await playNamed(page, track).click()
  await untilSound(page)
  await page.waitForTimeout(6000)
  await page.reload()
  await playNamed(page, track).waitFor()
  await page.waitForTimeout(1000)
  room.link.cut()
  try {
    await playNamed(page, track).click()
    return await untilSound(page)
  } finally {
    room.link.mend()
  }
}

const peerOnce = async (page: Page, peer: Peer, addresses: { hls: string; file: string }): Promise<number> => {
  if (peer === 'plain m4a 128') return page.evaluate(`playFile(${JSON.stringify(addresses.file)})`)
  return page.evaluate(
    `playHls(${JSON.stringify(addresses.hls)}, ${peer === 'hls.js lowest' ? '{ startLevel: 0 }' : '{}'})`,
  )
}

const measurePeers = async (
  room: ListeningRoom,
  folder: string,
  takeTrack: () => Track,
): Promise<Map<string, number>> => {
  const files = new Map<string, string>()
  for (const [title, source] of room.sources) {
    const target = join(folder, `${title}.m4a`)
    makeProgressiveFile(source, target)
    files.set(`/${encodeURIComponent(title)}.m4a`, target)
  }
  const server = await startPeerServer(room.server.origin, files)
  const link = await openThrottledLink(server.port, fast)
  const context = await openDevice({ profile: join(folder, 'peer') })
  const results = new Map<string, number>()
  try {
    for (const { name, line } of lines) {
      for (const peer of peers) {
        const values: number[] = []
        for (let round = 0; round < repetitions; round += 1) {
          const track = takeTrack()
          const answer = (await (
            await room.device.request('POST', '/api/hls-links', { recordingId: track.recordingId })
          ).json()) as { master: string }
          const page = await context.newPage()
          link.setLine(fast)
          await page.goto(`http://localhost:${link.port}/`)
          link.setLine(line)
          values.push(
            await peerOnce(page, peer, { hls: answer.master, file: `/${encodeURIComponent(track.title)}.m4a` }),
          )
          await page.close()
        }
        results.set(`${name}/${peer}`, median(values))
        note(`${peer}, ${name}: ${values.map(Math.round).join(' ')} ms`)
      }
    }
  } finally {
    await context.close()
    await link.close()
    await server.close()
  }
  return results
}

const rowsFor = (
  name: string,
  measured: { value: number; limit: number; peers: ReadonlyMap<string, number> },
  lineName: string,
): Row[] => {
  const figures = {
    case: `${name}, ${lineName}`,
    metric: 'first sound',
    unit: 'ms',
    better: 'lower',
    value: measured.value,
  } as const
  return [
    row({ ...figures, limit: measured.limit }),
    ...peers.map((peer) =>
      row({ ...figures, peer, peerValue: measured.peers.get(`${lineName}/${peer}`) ?? Number.NaN }),
    ),
  ]
}

const main = async (): Promise<void> => {
  await using folder = await temporaryFolder('bench-first-sound')
  const count = lines.length * repetitions * 3 + 2
  const room = await openListeningRoom(folder.path, { tracks: count, seconds: 31 })
  let next = 0
  const takeTrack = (): Track => room.tracks[next++ % room.tracks.length] as Track
  const context = await openListener(join(folder.path, 'listener'))
  const rows: Row[] = []
  try {
    const peerResults = await measurePeers(room, folder.path, takeTrack)
    next = 0
    const page = context.pages()[0] ?? (await context.newPage())
    await settleIn(page, room)
    for (const { name, line } of lines) {
      for (const [what, once, allowance] of [
        ['local head and key', withHeadAndKey, (limit: number) => limit + Math.max(limit * 0.3, 120)],
        ['cold manifest', withColdManifest, undefined],
      ] as const) {
        const values: number[] = []
        let limit = 0
        for (let round = 0; round < repetitions; round += 1) {
          const track = takeTrack()
          limit = await limitMs(room, track, line)
          values.push(await once(room, page, { track, line }))
        }
        note(`${what}, ${name}: ${values.map(Math.round).join(' ')} ms`)
        rows.push(
          ...rowsFor(what, { value: median(values), limit: allowance?.(limit) ?? limit, peers: peerResults }, name),
        )
      }
      const visits: number[] = []
      for (let round = 0; round < repetitions; round += 1)
        visits.push(await firstVisit(room, folder.path, { track: takeTrack(), line, round }))
      note(`first visit, ${name}: ${visits.map(Math.round).join(' ')} ms`)
      rows.push(
        row({
          case: `first visit, ${name}`,
          metric: 'navigation to first sound',
          unit: 'ms',
          better: 'lower',
          value: median(visits),
        }),
      )
    }
    const offlines: number[] = []
    for (let round = 0; round < repetitions; round += 1) offlines.push(await offline(room, page, takeTrack()))
    rows.push(
      row({ case: 'offline', metric: 'first sound', unit: 'ms', better: 'lower', value: median(offlines), limit: 60 }),
    )
    printRows(rows)
  } finally {
    await context.close()
    await room.close()
  }
}

await main()
