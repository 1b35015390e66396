import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'
import { expect, it } from 'vitest'
import { foundSource, scanOf } from './ingested-source.testkit.ts'
import type { FoundSource, SourceStore } from './source-store.ts'

const start = 1_700_000_000_000
const at = (second: number): UnixMs => parseUnixMs(start + second * 1000)
const hourMs = 3_600_000
const fileOf = (name: string): FoundSource => foundSource(name, { path: `/files/${name}` })

const upload = async (sources: SourceStore, account: string, name: string): Promise<void> => {
  await sources.setUploader(fileOf(name).path, account)
  await sources.add(fileOf(name), at(0))
}

/** Leases and refuses jobs until none is left; each file has been decoded for so long. Returns the names in their order. */
const workOff = async (
  sources: SourceStore,
  decodedMs: (name: string) => number,
  most = Infinity,
): Promise<string[]> => {
  const names: string[] = []
  while (names.length < most) {
    const job = await sources.claim({ owner: 'w', until: at(60), now: at(1) })
    if (job === undefined) return names
    await sources.charge(job.id, decodedMs(job.name))
    await sources.finish({ id: job.id, owner: 'w', stage: job.stage }, { kind: 'refused', code: 'damaged' }, at(1))
    names.push(job.name)
  }
  return names
}

/** The contract of the turns of uploaders in the queue. `open` returns an empty store. */
export const sourceTurnsContract = (open: () => Promise<SourceStore>): void => {
  it('takes the files of uploaders in turn, whatever their number and names', async () => {
    const sources = await open()
    for (const name of ['a1', 'a2', 'a3', 'a4']) await upload(sources, 'ann', name)
    for (const name of ['b1', 'b2']) await upload(sources, 'bob', name)
    await sources.reconcile(
      scanOf([fileOf('import 1'), fileOf('import 2')], { folder: '/files', devices: new Map([['/files', 1]]) }),
      at(0),
    )
    const order = await workOff(sources, () => 0)
    expect(order.slice(0, 6).map((name) => name[0])).toEqual(['i', 'a', 'b', 'i', 'a', 'b'])
    expect(order.slice(6)).toEqual(['a3', 'a4'])
  })

  it('lets an uploader wait for as long as the files of others take that were decoded for its own', async () => {
    const sources = await open()
    for (const name of ['long 1', 'long 2']) await upload(sources, 'ann', name)
    for (let index = 10; index < 30; index += 1) await upload(sources, 'bob', `song ${index}`)
    const order = await workOff(sources, (name) => (name.startsWith('long') ? 10 * hourMs : 4 * 60_000))
    expect(order[0]).toBe('long 1')
    expect(order.indexOf('long 2')).toBe(order.length - 1)
  })

  it('gives nobody turns for the time in which they uploaded nothing', async () => {
    const sources = await open()
    for (let index = 10; index < 20; index += 1) await upload(sources, 'ann', `a${index}`)
    await workOff(sources, () => hourMs, 8)
    for (let index = 10; index < 20; index += 1) await upload(sources, 'bob', `b${index}`)
    const order = await workOff(sources, () => hourMs, 6)
    expect(order.filter((name) => name.startsWith('a')).length).toBeGreaterThanOrEqual(2)
    expect(order.filter((name) => name.startsWith('b')).length).toBeGreaterThanOrEqual(3)
  })

  it('leaves files that are known to be long when no long one may be processed', async () => {
    const sources = await open()
    await upload(sources, 'ann', 'long')
    const job = await sources.claim({ owner: 'w', until: at(60), now: at(1) })
    await sources.charge(job?.id ?? '', 10 * hourMs)
    await sources.postpone({ id: job?.id ?? '', owner: 'w' }, at(2))
    const claim = (longest?: number) => sources.claim({ owner: 'w', until: at(60), now: at(3), longest })
    expect(await claim(hourMs)).toBeUndefined()
    await upload(sources, 'ann', 'unknown length')
    expect(await claim(hourMs)).toMatchObject({ name: 'unknown length' })
    expect(await claim()).toMatchObject({ name: 'long' })
  })
}
