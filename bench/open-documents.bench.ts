import { splitIntent } from '@tonestead/crdt/documents/split-intent'
import type { EntryId } from '@tonestead/crdt/ids'
import type { PlaylistIntent } from '../crdt/src/playlists/playlist-intent.ts'
import { createReplica } from '../app/src/engine/replica/create-replica.ts'
import { createDomainRules } from '../app/src/engine/replica/documents/domain-rules.ts'
import { createWorld, type TestDevice } from '../app/src/engine/replica/replica-world.testkit.ts'
import { silentLog } from '../app/src/platform/system/silent-log.ts'
import { systemClock as clock } from '../app/src/platform/system/system-clock.ts'
import { streamCompression } from '../app/src/platform/system/stream-compression.ts'
import { noSnapshots } from '../app/src/engine/replica/snapshots/snapshot-rules.ts'
import { systemRandom as random } from '../app/src/platform/system/system-random.ts'
import { entryId, intentId, playlistEntry } from '../crdt/src/testkit/sample-values.testkit.ts'
import { note } from './runner/note.ts'
import { median, row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

const document = 'playlist/measured'
const letters = 'abcdefghij'
/** Ids of one length, so that no two are the same. */
const entryOf = (number: number): EntryId =>
  entryId(`e${[...String(number).padStart(5, '0')].map((digit) => letters[Number(digit)]).join('')}`)

const cases = [
  { entries: 1_000, perEdit: 1_000 },
  { entries: 1_000, perEdit: 1 },
  { entries: 10_000, perEdit: 10_000 },
] as const

/** Adds entries to a playlist; all of them get their place in the log. */
const fill = async (
  device: TestDevice,
  { entries, perEdit }: (typeof cases)[number],
  settle: () => Promise<void>,
): Promise<void> => {
  for (let from = 0; from < entries; from += perEdit) {
    const added = Array.from({ length: perEdit }, (_, index) => ({ ...playlistEntry('p'), id: entryOf(from + index) }))
    const intent: PlaylistIntent = {
      kind: 'addEntries',
      id: intentId(from + 1),
      entries: added,
      place: { kind: 'end' },
    }
    for (const part of splitIntent('playlist', intent))
      await device.replica.edit({ collection: device.personal, document, intent: { id: part.id, operation: part } })
    if (from % 100 === 0) await settle()
  }
  await settle()
}

/** From the journal to what the document shows. */
const openMs = async ({ journal, identity, personal }: TestDevice): Promise<number> => {
  const began = performance.now()
  const replica = await createReplica({
    ...{ subtle: crypto.subtle, random, clock, journal, log: silentLog, device: identity },
    rulesOf: createDomainRules(),
    ...{ compression: streamCompression, snapshotRules: noSnapshots },
  })
  if (replica.show(personal, document) === undefined) throw new Error('the playlist is not there')
  const ms = performance.now() - began
  await replica.close()
  return ms
}

await runBench(
  {
    name: 'open-documents',
    about: 'Time from opening the journal of a device until a playlist is shown. The journal is in memory.',
    options: {},
  },
  async ({ add }) => {
    for (const each of cases) {
      const world = await createWorld()
      const device = await world.createAccount('ann')
      note(`writing ${each.entries} entries, ${each.perEdit} in each edit`)
      await fill(device, each, world.settle)
      await device.replica.close()
      const times: number[] = []
      for (let count = 0; count < 5; count += 1) times.push(await openMs(device))
      add(
        row({
          case: `${each.entries} entries, ${each.perEdit} in each edit`,
          metric: 'open',
          unit: 'ms',
          value: median(times),
          better: 'lower',
          level: 500,
        }),
      )
    }
  },
)
