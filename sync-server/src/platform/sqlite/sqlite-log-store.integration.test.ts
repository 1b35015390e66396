import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { temporaryFolder } from '../../temporary-folder.testkit.ts'
import { logStoreContract } from '../../ports/log-store.contract.ts'
import { testRules } from '../../ports/log-store.testkit.ts'
import { openSqliteLogTables } from './sqlite-log-store.ts'

const folder = await temporaryFolder('relay-logs')
afterAll(() => folder[Symbol.asyncDispose]())

let next = 0

describe('the log store in SQLite', () => {
  logStoreContract(() => {
    next += 1
    const path = join(folder.path, `${next}.sqlite`)
    const nobody = { publish: () => Promise.resolve(), listen: () => Promise.resolve() }
    return Promise.resolve({ open: () => Promise.resolve({ ...openSqliteLogTables(path, testRules), ...nobody }) })
  })
})
