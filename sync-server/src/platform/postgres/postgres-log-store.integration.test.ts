import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, describe } from 'vitest'
import { logStoreContract, relayMessageContract } from '../../ports/log-store.contract.ts'
import { testRules } from '../../ports/log-store.testkit.ts'
import { startPostgres } from '../../postgres-server.testkit.ts'
import { openPostgresLogStore } from './postgres-log-store.ts'

const postgres = await startPostgres()
afterAll(async () => {
  if (postgres.kind === 'running') await postgres.stop()
})
if (postgres.kind === 'missing')
  console.warn(`SKIPPED: the log store in PostgreSQL, because there is ${postgres.reason}`)
const name = postgres.kind === 'running' ? postgres.version : `SKIPPED: there is ${postgres.reason}`

/** A database of its own. */
const makeDisk = async () => {
  if (postgres.kind === 'missing') throw new Error('there is no PostgreSQL')
  const database = `relay_${randomUUID().replaceAll('-', '')}`
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query(`CREATE DATABASE ${database}`)
  await client.end()
  const url = postgres.url.replace('/postgres?', `/${database}?`)
  // A test that failed leaves its connections open until the server stops.
  const onFault = (fault: unknown): void => console.error(fault instanceof Error ? fault.message : fault)
  return { open: () => openPostgresLogStore({ url, rules: testRules, onFault }) }
}

describe.skipIf(postgres.kind === 'missing')(`the log store in PostgreSQL (${name})`, () => {
  logStoreContract(makeDisk)
  relayMessageContract(makeDisk)
})
