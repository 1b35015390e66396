import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseUnixMs } from '@tonestead/crdt/instant'
import type { ServerConfig } from './config.ts'
import type { Publication } from './ports/catalog-store.ts'
import { openInstanceSecrets } from './platform/files/fs-instance-secrets.ts'
import { openDatabase } from './platform/open-database.ts'
import { openObjectStore } from './platform/open-object-store.ts'
import { startMediaServer } from './start-media-server.ts'
import { publishSynthetic } from './synthetic-recording.testkit.ts'

const configOf = (dataFolder: string, change: Partial<ServerConfig> = {}): ServerConfig => ({
  folders: [],
  areFoldersPublic: false,
  dataFolder,
  port: 0,
  host: '127.0.0.1',
  publicUrl: undefined,
  tls: undefined,
  workers: 1,
  tool: 'auto',
  ffmpegPath: undefined,
  name: 'Test',
  appFolder: undefined,
  isDemoWanted: false,
  logLevel: 'silent',
  ...change,
})

/** A real server on a new data folder, with one public and one private recording, and `extra` publications without audio. */
export const openTestServer = async ({
  extra = [],
  ...change
}: Partial<ServerConfig> & { readonly extra?: readonly Publication[] } = {}) => {
  const data = await mkdtemp(join(tmpdir(), 'tonestead-server-'))
  const secrets = await openInstanceSecrets(data, false)
  const stores = await openDatabase({ dataFolder: data, secrets, at: 1 })
  const objects = await openObjectStore(data)
  const shown = await publishSynthetic(
    { stores, objects, secrets },
    { title: 'Shown', release: 'Public', artist: 'Ann', isPublic: true },
  )
  const hidden = await publishSynthetic(
    { stores, objects, secrets },
    { title: 'Hidden', release: 'Private', artist: 'Ann' },
  )
  for (const publication of extra) await stores.catalog.publish(publication, parseUnixMs(1_700_000_000_000))
  await stores.close()
  const server = await startMediaServer(configOf(data, change))
  const claimCode = server.claimUrl?.split('#claim=')[1] ?? ''
  const close = async (): Promise<void> => {
    await server.stop()
    await rm(data, { recursive: true, force: true })
  }
  return { origin: server.url.replace('localhost', '127.0.0.1'), data, secrets, shown, hidden, claimCode, close }
}
