import { describe, expect, it } from 'vitest'
import { logStoreContract, relayMessageContract } from '../../ports/log-store.contract.ts'
import { newCollection, newDevice, testEnvelope, testMembership, testRules } from '../../ports/log-store.testkit.ts'
import { createMemoryLogDisk } from './memory-log-store.ts'

describe('the log store in memory', () => {
  const makeDisk = () => {
    const disk = createMemoryLogDisk({ rules: testRules, syncs: 'at-once' })
    return Promise.resolve({ open: () => Promise.resolve(disk.open()) })
  }
  logStoreContract(makeDisk)
  relayMessageContract(makeDisk)

  it('[RD10] loses in a crash what was not synced, and nothing else', async () => {
    const disk = createMemoryLogDisk({ rules: testRules, syncs: 'by-hand' })
    const store = disk.open()
    const [collection, device] = [newCollection(), newDevice()]
    const first = store.append([testMembership({ collection, base: undefined, devices: [device] })])
    disk.sync()
    await first
    const head = await store.head(collection)
    const seen = { seq: 1, chain: head!.chain }
    const lost = store.append([testEnvelope({ collection, device, seen })])
    expect(await store.head(collection)).toEqual(head)
    disk.crash()
    await expect(lost).rejects.toThrow('crashed')
    await expect(store.head(collection)).rejects.toThrow('crashed')
    expect(await disk.open().head(collection)).toEqual(head)
  })
})
