import { connect, type TestClient } from '../test-client.testkit.ts'
import type { Account } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { expect } from 'vitest'
import { createMemoryRelay, openMemoryLink } from './memory-relay.testkit.ts'
import { newAccountOf } from './test-world.testkit.ts'

/** The first entry of the device log of an account. */
export const deviceLogOf = (account: Account): string[] => {
  const { operation } = account.items[0]!.header
  return operation.kind === 'account-created' ? [operation.deviceLogEntry] : []
}

/** A relay in memory and clients for it. */
export const startWorld = async (options: Parameters<typeof createMemoryRelay>[0] = {}) => {
  const { relay, disk, faults } = await createMemoryRelay(options)
  const clients: TestClient[] = []
  const client = async (more: Partial<Parameters<typeof connect>[0]> = {}): Promise<TestClient> => {
    const account = more.account ?? (await newAccountOf('Ada'))
    const opened = await connect({ open: openMemoryLink(relay), ...more, account })
    clients.push(opened)
    return opened
  }
  const expectNoFaults = (): void => {
    expect(faults).toEqual([])
    expect(clients.flatMap((each) => each.faults)).toEqual([])
  }
  return { relay, disk, client, expectNoFaults }
}
