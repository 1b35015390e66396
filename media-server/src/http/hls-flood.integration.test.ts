import { randomInt } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { openInstanceSecrets } from '../platform/files/fs-instance-secrets.ts'
import { openDatabase } from '../open-database.ts'
import { openObjectStore } from '../platform/open-object-store.ts'
import { openServerProcess } from '../server-process.testkit.ts'
import { publishLong } from '../synthetic-recording.testkit.ts'
import { expectProblem } from './claimed-server.testkit.ts'
import { makeClient, makeDevice } from './device.testkit.ts'

const callers = 20
const hours = 10.8
const described = { release: 'Long', artist: 'Ann', isPublic: true }
let longId = ''
let tooLongId = ''

const prepare = async (data: string): Promise<void> => {
  const secrets = await openInstanceSecrets(data, false)
  const stores = await openDatabase({ dataFolder: data, secrets, at: 1 })
  const studio = { stores, objects: await openObjectStore(data), secrets }
  longId = (await publishLong(studio, { ...described, title: `Long ${randomInt(1e9)}` }, hours)).recording.id
  tooLongId = (await publishLong(studio, { ...described, title: `Too long ${randomInt(1e9)}` }, 12.1)).recording.id
  await stores.close()
}

const server = await openServerProcess({ prepare, args: ['--request-limits', '10'] })
afterAll(() => server.close())
const client = await makeClient(server.origin, await makeDevice())
await client.send('/api/claims', { code: server.claimCode })

describe('playlists of a recording of many hours', () => {
  it('are complete, also for 20 callers at the same time', async () => {
    const link = await client.send('/api/hls-links', { recordingId: longId })
    const { master } = (await link.json()) as { master: string }
    const file = master.replace('master.m3u8', 'aac-128.m3u8')
    // Each read of the metrics sets the figure back.
    await server.metric('nodejs_eventloop_lag_max_seconds')
    const cpuBefore = await server.metric('process_cpu_seconds_total')
    const texts = await Promise.all(
      Array.from({ length: callers }, async () => (await fetch(server.origin + file)).text()),
    )
    const longestMs = 1000 * (await server.metric('nodejs_eventloop_lag_max_seconds'))
    const cpu = (await server.metric('process_cpu_seconds_total')) - cpuBefore
    console.log(
      `${callers} callers: event loop held for ${longestMs.toFixed(0)} ms at most, ${cpu.toFixed(1)} s of CPU`,
    )
    const [first = ''] = texts
    expect(new Set(texts)).toEqual(new Set([first]))
    expect(first.match(/^#EXT-X-KEY:/gm)).toHaveLength(Math.ceil((hours * 3600 * 48_000 + 1024) / 1024 / 150))
    expect(first.split('\n').slice(0, 9)).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:4',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MAP:URI="init-aac.mp4"',
      expect.stringMatching(/^#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x[0-9a-f]{32}$/),
      '#EXTINF:3.200000,',
      expect.stringMatching(/^\.\.\/\.\.\/chunks\/[0-9a-f]{64}\.m4s$/),
    ])
    expect(first.endsWith('.m4s\n#EXT-X-ENDLIST\n')).toBe(true)
  })

  it('have a limit: a longer recording gets no link', async () => {
    await expectProblem(client.send('/api/hls-links', { recordingId: tooLongId }), 'recording-too-long')
  })
})
