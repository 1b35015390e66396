import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createDecipheriv } from 'node:crypto'
import { StartRefusal } from '../../ports/start-refusal.ts'

// What is checked before a catalog is opened for writing. Nothing here changes the file.

/** What binds a catalog to its `secrets/`: a value for each secret, from which the secret cannot be computed. The key is the name of the file. */
export type InstallationMarks = Readonly<Record<string, string>>

export type FileCheck = {
  readonly path: string
  readonly instanceKey: Uint8Array
  readonly marks: InstallationMarks
  /** Whether there are objects: then there must be a catalog with tables as well, and the other way round. */
  readonly holdsObjects: boolean
}

/** What an operator can do about a catalog that cannot be used. */
const wayBack =
  'Nothing was changed. To put the newest backup in its place: npm run restore-catalog -- --data DIR. Without a backup: npm run rebuild-catalog -- --data DIR makes a new catalog from the masters and music folders.'

/** Throws a StartRefusal for a catalog that is missing, damaged, empty, or of another installation. */
export const checkCatalogFile = (check: FileCheck): void => {
  if (!existsSync(check.path)) {
    // A new data folder, or a first start that was interrupted.
    if (!check.holdsObjects) return
    throw new StartRefusal(`The catalog ${check.path} is missing, but there are objects that belong to one. ${wayBack}`)
  }
  const damage = findSqliteDamage(check.path)
  if (damage !== undefined) throw new StartRefusal(`The catalog ${check.path} is damaged: ${damage}. ${wayBack}`)
  const database = new DatabaseSync(check.path, { readOnly: true })
  try {
    checkContent(database, check)
  } finally {
    database.close()
  }
}

/** The first thing that SQLite finds wrong with a file; undefined when there is nothing. Reads the whole file, without the comparison of indexes. */
export const findSqliteDamage = (path: string): string | undefined => {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    return found === 'ok' ? undefined : String(found)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    database?.close()
  }
}

const checkContent = (database: DatabaseSync, check: FileCheck): void => {
  const tables = new Set(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all().map(nameOf))
  if (!tables.has('recordings')) {
    if (!check.holdsObjects) return
    throw new StartRefusal(`The catalog ${check.path} is empty, but there are objects that belong to one. ${wayBack}`)
  }
  if (!check.holdsObjects && database.prepare('SELECT 1 FROM recordings LIMIT 1').get() !== undefined)
    throw new StartRefusal(
      `The catalog ${check.path} lists recordings, but the folder "objects" beside it is empty. Put the folder back, or mount its disk; nothing was changed.`,
    )
  if (tables.has('installation')) checkMarks(database, check.marks)
  // A catalog of an earlier version has no marks, but its keys say whether `instance.key` is the right one.
  if (tables.has('content_keys') && !canUnwrap(database, check.instanceKey)) throw wrongSecret('instance.key')
}

const nameOf = (row: Record<string, unknown>): string => String(row['name'])

const checkMarks = (database: DatabaseSync, marks: InstallationMarks): void => {
  for (const row of database.prepare('SELECT name, mark FROM installation').all()) {
    const mark = marks[nameOf(row)]
    if (mark !== undefined && mark !== row['mark']) throw wrongSecret(nameOf(row))
  }
}

const wrongSecret = (name: string): StartRefusal =>
  new StartRefusal(
    `secrets/${name} is not the one that this catalog was made with. Put secrets/ and catalog.sqlite of the same backup together; nothing was changed.`,
  )

/** AES-KW has an integrity check (RFC 3394, 2.2.3): a wrong key is noticed. True when there is no key to try. */
const canUnwrap = (database: DatabaseSync, instanceKey: Uint8Array): boolean => {
  const wrapped = database.prepare('SELECT wrapped FROM content_keys LIMIT 1').get()?.['wrapped']
  if (!(wrapped instanceof Uint8Array)) return true
  try {
    const decipher = createDecipheriv('id-aes256-wrap', instanceKey, Buffer.alloc(8, 0xa6))
    decipher.update(wrapped)
    decipher.final()
    return true
  } catch {
    // The only possible reason: the integrity check of AES-KW.
    return false
  }
}

/** Keeps the marks of the installation that made the catalog. Marks that are there stay. */
export const keepMarks = (database: DatabaseSync, marks: InstallationMarks): void => {
  const insert = database.prepare('INSERT OR IGNORE INTO installation (name, mark) VALUES (?, ?)')
  for (const [name, mark] of Object.entries(marks)) insert.run(name, mark)
}
