import { expect, test } from 'vitest'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createStreamPath } from './stream-path.ts'

const createWorld = (options: { result?: boolean | undefined; isWorkerReady?: boolean } = {}) => {
  const values = createMemoryValueStore()
  const probes = { count: 0 }
  const visit = () =>
    createStreamPath({
      values,
      log,
      isWorkerReady: async () => options.isWorkerReady ?? true,
      runProbe: async () => ((probes.count += 1), 'result' in options ? options.result : true),
    })
  return { values, probes, visit }
}

test('[ST15] a good path is probed once per browser profile', async () => {
  const { probes, visit } = createWorld()
  const first = visit()
  expect(first.isGood()).toBeUndefined()
  first.probe()
  first.probe()
  await expect.poll(() => first.isGood()).toBe(true)
  const second = visit()
  second.probe()
  await new Promise((resolve) => setTimeout(resolve))
  expect(probes.count).toBe(1)
})
test('[ST15] a bad path is known in this visit, and probed again in the next one', async () => {
  const { probes, visit } = createWorld({ result: false })
  const first = visit()
  first.probe()
  await expect.poll(() => first.isGood()).toBe(false)
  visit().probe()
  await expect.poll(() => probes.count).toBe(2)
})
test('[ST15] without a service worker, or without a result, nothing is known', async () => {
  for (const options of [{ isWorkerReady: false }, { result: undefined }]) {
    const { values, visit } = createWorld(options)
    const path = visit()
    path.probe()
    await new Promise((resolve) => setTimeout(resolve))
    expect([path.isGood(), await values.get('stream-path')]).toEqual([undefined, undefined])
  }
})
