import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { moveCatalogAside } from './backups/restore-catalog.ts'
import { namesByFile, queueUploads, writeMasters, type RebuildDeps } from './backups/rebuild-catalog.ts'
import { createReleaseDerivation } from './catalog/derive-release.ts'
import { runDataCommand } from './data-command.ts'
import { createCatalogIds } from './ingest/catalog-ids.ts'
import { lockDataFolder } from './platform/files/data-lock.ts'
import { openInstanceSecrets } from './platform/files/fs-instance-secrets.ts'
import { uploadSourcePath } from './platform/files/fs-upload-store.ts'
import { installationMarks } from './platform/files/installation-marks.ts'
import { backupFolder, databaseFile, openCatalogCopies } from './open-database.ts'
import { openMasterStore } from './platform/open-master-store.ts'
import { openObjectStore } from './platform/open-object-store.ts'
import { openSqlite } from './platform/sqlite/node-sqlite-dialect.ts'
import { salvageCatalogs, type Salvaged } from './platform/sqlite/sqlite-salvage.ts'
import { createSqliteStores } from './platform/sqlite/sqlite-stores.ts'
import { systemClock } from './platform/system-clock.ts'

// npm run rebuild-catalog: a new catalog, while the server is stopped.

const help = `npm run rebuild-catalog -- [--data DIR] [--masters]
  --data DIR   The data folder of the server, which must be stopped   (./data)
  --masters    Also take in the recordings from the sealed masters: for music whose own files are gone
Makes a new catalog for the case that no backup can be used. It takes over the content keys, accounts and devices that can still be read in the
catalog and its backups. The music is taken in again at the next start, from the uploads and from the music folders given then; ids stay.
The catalog that is there now is moved to a folder in DIR/backups; nothing is deleted.`

const report = ({ rows, unreadable }: Salvaged): void => {
  for (const line of unreadable) console.log(`Not readable: ${line}`)
  console.log(
    `Taken over: ${rows['content_keys']} content keys, ${rows['accounts']} accounts, ${rows['devices']} devices.${
      rows['claims'] === 0 ? ' There is no administrator: the next start prints a claim code.' : ''
    }`,
  )
}

const rebuild = async (data: string, areMastersWanted: boolean): Promise<void> => {
  const secrets = await openInstanceSecrets(data, true)
  const path = databaseFile(data)
  const folder = backupFolder(data)
  const fresh = `${path}.rebuilding`
  for (const file of [fresh, `${fresh}-wal`, `${fresh}-shm`]) await rm(file, { force: true })
  const database = openSqlite(fresh)
  const stores = createSqliteStores(database, {
    instanceKey: secrets.instanceKey,
    marks: installationMarks(secrets),
    at: systemClock.now(),
    derive: createReleaseDerivation(createCatalogIds(secrets.idSecret)),
  })
  const copies = (await openCatalogCopies(data).list()).map(({ name }) => join(folder, name))
  const salvaged = salvageCatalogs(database, [path, ...copies], secrets.instanceKey)
  report(salvaged)
  const uploadFolder = join(data, 'uploads', 'done')
  await mkdir(uploadFolder, { recursive: true, mode: 0o700 })
  const deps: RebuildDeps = {
    sources: stores.sources,
    contentKeys: stores.contentKeys,
    masters: openMasterStore(data),
    objects: await openObjectStore(data),
    clock: systemClock,
    uploadFolder,
    uploadPathOf: uploadSourcePath,
    names: namesByFile(salvaged.names),
  }
  if (areMastersWanted) {
    const { written, withoutKey, damaged } = await writeMasters(deps, new AbortController().signal)
    console.log(`Masters: ${written} written to the uploads, ${withoutKey} without their key, ${damaged} damaged.`)
  }
  console.log(`Uploads that wait to be taken in: ${await queueUploads(deps)}.`)
  await stores.close()
  // Kysely closes only what it has used.
  if (database.isOpen) database.close()
  await moveCatalogAside(path, join(folder, `replaced-${systemClock.now()}`))
  await place(fresh, path, data)
}

/** SQLite has put its log into the file when it closed it. */
const place = async (from: string, to: string, folder: string): Promise<void> => {
  await rename(from, to)
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}

await runDataCommand({
  help,
  options: { masters: { type: 'boolean' } },
  run: async (data, values) => {
    const { release } = lockDataFolder(data)
    try {
      await rebuild(data, values['masters'] === true)
      console.log('The new catalog is in its place. Start the server with the same music folders as before.')
      return 0
    } finally {
      release()
    }
  },
})
