import { join, resolve } from 'node:path'
import { restoreCatalog } from './backups/restore-catalog.ts'
import { runDataCommand } from './data-command.ts'
import { lockDataFolder } from './platform/files/data-lock.ts'
import { backupFolder, databaseFile, openCatalogCopies } from './open-database.ts'
import { findSqliteDamage } from './platform/sqlite/sqlite-file-check.ts'
import { systemClock } from './platform/system-clock.ts'

// npm run restore-catalog: puts a copy of the catalog in its place, while the server is stopped.

const help = `npm run restore-catalog -- [--data DIR] [--backup FILE]
  --data DIR     The data folder of the server, which must be stopped   (./data)
  --backup FILE  The copy to use                                        (the newest sound one in DIR/backups)
The catalog that is there now is moved to a folder in DIR/backups; nothing is deleted.`

await runDataCommand({
  help,
  options: { backup: { type: 'string' } },
  run: async (data, values) => {
    const { release } = lockDataFolder(data)
    try {
      const folder = backupFolder(data)
      const chosen = values['backup']
      const candidates =
        typeof chosen === 'string'
          ? [resolve(chosen)]
          : (await openCatalogCopies(data).list()).map(({ name }) => join(folder, name))
      const restored = await restoreCatalog({
        path: databaseFile(data),
        candidates,
        findDamage: findSqliteDamage,
        asideFolder: join(folder, `replaced-${systemClock.now()}`),
      })
      for (const line of restored.passedOver) console.log(`Not used: ${line}`)
      console.log(
        restored.kind === 'restored'
          ? `The catalog is now the copy ${restored.from}. What was added since is taken in again by the next scan; rights given since are lost.`
          : 'There is no sound copy. npm run rebuild-catalog makes a new catalog from the masters and music folders.',
      )
      return restored.kind === 'restored' ? 0 : 1
    } finally {
      release()
    }
  },
})
