import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { defaultConfig, type ServerConfig } from '../../media-server/src/config.ts'
import { exposePort, processChannel } from '../../media-server/src/platform/process/remote-port.ts'
import { createSqliteStores } from '../../media-server/src/platform/sqlite/sqlite-stores.ts'
import { defaultLimits, scaleLimits } from '../../media-server/src/http/limits.ts'
import { startMediaServer } from '../../media-server/src/start-media-server.ts'
import { generateCatalog } from '../catalog/generate-catalog.ts'
import { findNames } from '../catalog/find-names.ts'
import { createPublisher } from '../catalog/publication-of.ts'
import { note } from '../runner/note.ts'

// The server that search-updates.bench.ts measures, in a process of its own: fills a catalog, starts with it, and offers its catalog port to the
// benchmark, which publishes through it as the ingest worker does.
//   node bench/search/search-updates-server.main.ts DATA-FOLDER PORT TRACKS

const [data = '', port = '', tracks = ''] = process.argv.slice(2)

/** Without syncing to disk: this part is not measured. */
const fill = async (): Promise<void> => {
  const database = new DatabaseSync(join(data, 'catalog.sqlite'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  const { catalog, close } = createSqliteStores(database, {
    instanceKey: new Uint8Array(32),
    at: 1,
    // Nothing is ingested here: the tracks are published as they are.
    derive: () => undefined,
  })
  const names = await findNames()
  const publicationOf = createPublisher()
  const at = parseUnixMs(1_700_000_000_000)
  for (const document of generateCatalog({ names, tracks: Number(tracks) })) {
    const publication = publicationOf(document)
    if (publication !== undefined) await catalog.publish(publication, at)
  }
  await close()
  note(`the catalog has ${tracks} tracks; names: ${names.source}`)
}

const config: ServerConfig = {
  ...defaultConfig(),
  dataFolder: data,
  port: Number(port),
  requestLimits: scaleLimits(defaultLimits, 1000),
  name: 'Bench',
  isDemoWanted: false,
}

// The first start creates the folder, the secrets and an empty catalog.
await startMediaServer(config).then((server) => server.stop())
await fill()
const server = await startMediaServer(config)
exposePort(processChannel(process), 'catalog', server.catalog)
process.send?.({ kind: 'started', claimUrl: server.claimUrl })
process.on('disconnect', () => void server.stop().then(() => process.exit(0)))
