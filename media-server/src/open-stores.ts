import { access, constants, mkdir } from 'node:fs/promises'
import type { ServerConfig } from './config.ts'
import { lockDataFolder } from './platform/files/data-lock.ts'
import { openInstanceSecrets } from './platform/files/fs-instance-secrets.ts'
import { openCoverStore } from './platform/open-cover-store.ts'
import { hasDatabase, openDatabase } from './open-database.ts'
import { openMasterStore } from './platform/open-master-store.ts'
import { openObjectStore } from './platform/open-object-store.ts'
import { openScrubStateStore } from './platform/open-scrub-state-store.ts'
import { openUploadStore } from './platform/open-upload-store.ts'
import { systemClock } from './platform/system-clock.ts'
import { StartRefusal } from './ports/start-refusal.ts'
import { recoverUploads } from './uploads/finish-upload.ts'

export type OpenedStores = Awaited<ReturnType<typeof openStores>>

/** Opens everything below the data folder. The lock is taken first, so it is released last: `closeSteps` run in reverse order. */
export const openStores = async ({ dataFolder }: ServerConfig, closeSteps: (() => Promise<void> | void)[]) => {
  await prepareDataFolder(dataFolder)
  closeSteps.push(lockDataFolder(dataFolder).release)
  const secrets = await openInstanceSecrets(dataFolder, hasDatabase(dataFolder))
  const database = await openDatabase({ dataFolder, secrets, at: systemClock.now() })
  closeSteps.push(database.close)
  const objects = await openObjectStore(dataFolder)
  const { catalog, sources, contentKeys, accounts, plays, search: searchSource, scrub, searchChannel } = database
  const uploads = await openUploadStore(dataFolder)
  await recoverUploads({ uploads, sources, clock: systemClock })
  return {
    catalog,
    sources,
    contentKeys,
    accounts,
    plays,
    searchSource,
    scrubSource: scrub,
    masters: openMasterStore(dataFolder),
    scrubStates: openScrubStateStore(dataFolder),
    searchChannel,
    objects,
    uploads,
    covers: openCoverStore(dataFolder),
    secrets,
  }
}

const prepareDataFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartRefusal(`The data folder ${folder} cannot be made: ${reason}. Choose another with --data.`, {
      cause: error,
    })
  })
  await access(folder, constants.R_OK | constants.W_OK).catch((error: unknown) => {
    throw new StartRefusal(
      `The data folder ${folder} cannot be written to. Change its permissions, or choose another with --data.`,
      { cause: error },
    )
  })
}
