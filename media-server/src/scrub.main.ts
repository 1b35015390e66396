import { runDataCommand } from './data-command.ts'
import { lockDataFolder } from './platform/files/data-lock.ts'
import { openInstanceSecrets } from './platform/files/fs-instance-secrets.ts'
import { openCoverStore } from './platform/open-cover-store.ts'
import { openDatabase } from './open-database.ts'
import { openMasterStore } from './platform/open-master-store.ts'
import { openSharedObjectStore } from './platform/open-object-store.ts'
import { openScrubStateStore } from './platform/open-scrub-state-store.ts'
import { systemClock } from './platform/system-clock.ts'
import { StartRefusal } from './ports/start-refusal.ts'
import { createScrubber, readScrubState, type ScrubState } from './scrub/scrubber.ts'

// npm run scrub: one whole check of all objects, at once.

const help = `npm run scrub -- [--data DIR]
  --data DIR   The data folder of the server   (./data)
Reads all stored audio and compares hashes, whether the server runs or not. Damaged objects are moved to DIR/objects/damaged. What has a source
file or a whole master is queued and made again by the server, while it runs, with the same ids. Exit code 0: everything is sound; 3: something is not.`

/** The lock, or undefined while a server holds it: SQLite lets both work, and the server has made the tables. */
const lockIfFree = (data: string) => {
  try {
    return lockDataFolder(data)
  } catch (error) {
    if (error instanceof StartRefusal) return undefined
    throw error
  }
}

const scrub = async (data: string): Promise<ScrubState> => {
  const states = openScrubStateStore(data)
  const secrets = await openInstanceSecrets(data, true)
  const database = await openDatabase({ dataFolder: data, secrets, at: systemClock.now() })
  try {
    const signal = new AbortController().signal
    const scrubber = createScrubber({
      source: database.scrub,
      objects: await openSharedObjectStore(data),
      masters: openMasterStore(data),
      covers: openCoverStore(data),
      states,
      clock: systemClock,
      wait: () => Promise.resolve(),
    })
    await states.write({ ...(await readScrubState(states)), position: '' })
    while ((await scrubber.step(signal)) === 'more');
    await scrubber.recheck(signal)
    return await readScrubState(states)
  } finally {
    await database.close()
  }
}

await runDataCommand({
  help,
  run: async (data) => {
    const lock = lockIfFree(data)
    try {
      const { checkedObjects, findings } = await scrub(data)
      const lost = findings.filter(({ isQueued }) => !isQueued)
      console.log(
        `${checkedObjects} objects were read. Recordings with damaged or missing objects: ${findings.length}.`,
      )
      if (findings.length > lost.length)
        console.log(
          `${findings.length - lost.length} are made again from their source files or masters${lock === undefined ? ' by the running server' : ' when the server runs'}.`,
        )
      if (lost.length > 0)
        console.log(`${lost.length} cannot be made again: neither their source files nor their masters are there.`)
      for (const { recording, missing, damaged } of lost)
        console.log(`  recording ${recording}: ${missing} missing, ${damaged} damaged`)
      return findings.length === 0 ? 0 : 3
    } finally {
      lock?.release()
    }
  },
})
