import { createDecipheriv } from 'node:crypto'
import { existsSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

// Reads what is still readable in damaged or old catalogs. Only what cannot be made again: content keys, accounts, devices, plays. The music itself is ingested again.

/** In this order: `accounts` before what refers to it. */
const tables = ['content_keys', 'accounts', 'account_rights', 'devices', 'revoked_devices', 'claims', 'plays'] as const

/** A source file. `sha256` of its bytes, where it was read. */
type SalvagedName = { readonly path: string; readonly name: string; readonly sha256: string | undefined }
export type Salvaged = {
  /** Number of rows that were taken over, by table. */
  readonly rows: Readonly<Record<string, number>>
  /** Names of source files, as people see them. */
  readonly names: readonly SalvagedName[]
  /** What could not be read, for people. */
  readonly unreadable: readonly string[]
}

/**
 * Copies rows from `origins`, the best first, into `into`, a new catalog with its tables. A row that is there already stays. Content keys that
 * `instanceKey` does not unwrap are left out.
 */
export const salvageCatalogs = (into: DatabaseSync, origins: readonly string[], instanceKey: Uint8Array): Salvaged => {
  const unreadable: string[] = []
  const names = new Map<string, SalvagedName>()
  into.exec('PRAGMA foreign_keys = OFF')
  for (const path of origins.filter((origin) => existsSync(origin)))
    withDatabase(path, unreadable, (origin) => {
      for (const table of tables) copyRows({ origin, into, table, instanceKey }, `${path}, ${table}`, unreadable)
      for (const row of rowsOf({ origin, table: 'sources' }, `${path}, sources`, unreadable)) {
        const { path: file, name, sha256 } = row
        if (typeof file === 'string' && typeof name === 'string' && !names.has(file))
          names.set(file, { path: file, name, sha256: typeof sha256 === 'string' ? sha256 : undefined })
      }
    })
  for (const table of ['account_rights', 'devices', 'claims'])
    into.exec(`DELETE FROM ${table} WHERE account_id NOT IN (SELECT id FROM accounts)`)
  into.exec('PRAGMA foreign_keys = ON')
  const count = (table: string): number => Number(into.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows'])
  return {
    rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
    names: [...names.values()],
    unreadable,
  }
}

const withDatabase = (path: string, unreadable: string[], use: (origin: DatabaseSync) => void): void => {
  let origin: DatabaseSync | undefined
  try {
    origin = new DatabaseSync(path, { readOnly: true })
    use(origin)
  } catch (error) {
    unreadable.push(`${path}: ${messageOf(error)}`)
  } finally {
    origin?.close()
  }
}

type Reading = { readonly origin: DatabaseSync; readonly table: string }

const columnsOf = (database: DatabaseSync, table: string): readonly string[] =>
  database
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map((row) => String(row['name']))

/** Every row that can be read: from the beginning up to the damage, then from the end. So a row may come twice. */
function* rowsOf(
  { origin, table }: Reading,
  label: string,
  unreadable: string[],
): Generator<Record<string, SQLInputValue>> {
  for (const direction of ['ASC', 'DESC']) {
    try {
      const [key] = columnsOf(origin, table)
      if (key === undefined) return
      for (const row of origin.prepare(`SELECT * FROM ${table} ORDER BY ${key} ${direction}`).iterate()) yield row
      return
    } catch (error) {
      if (direction === 'ASC') unreadable.push(`${label}: ${messageOf(error)}`)
    }
  }
}

type Copying = Reading & { readonly into: DatabaseSync; readonly instanceKey: Uint8Array }

const copyRows = ({ origin, into, table, instanceKey }: Copying, label: string, unreadable: string[]): void => {
  const known = new Set(columnsOf(origin, table))
  const columns = columnsOf(into, table).filter((column) => known.has(column))
  if (columns.length === 0) return
  const insert = into.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  let refused = 0
  for (const row of rowsOf({ origin, table }, label, unreadable)) {
    if (table === 'content_keys' && !unwraps(row['wrapped'], instanceKey)) {
      refused += 1
      continue
    }
    try {
      insert.run(...columns.map((column) => row[column] ?? null))
    } catch {
      // A damaged row that does not fit its columns any more; counted below.
      refused += 1
    }
  }
  if (refused > 0) unreadable.push(`${label}: ${refused} rows are damaged or belong to other keys`)
}

/** AES-KW has an integrity check (RFC 3394, 2.2.3). */
const unwraps = (wrapped: SQLInputValue | undefined, instanceKey: Uint8Array): boolean => {
  if (!(wrapped instanceof Uint8Array)) return false
  try {
    const decipher = createDecipheriv('id-aes256-wrap', instanceKey, Buffer.alloc(8, 0xa6))
    decipher.update(wrapped)
    decipher.final()
    return true
  } catch {
    // The integrity check failed: the row is damaged, or was wrapped by another key.
    return false
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
