import { readdir, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { runToEnd, type ProgramRun } from '../harness/run-to-end.ts'
import { hostileMediaOutcomes } from '../media-server/src/ingest/hostile-media-outcomes.ts'
import { hasMedia, mediaFolder, openIngest, transcodersHere } from '../media-server/src/ingest/ingest.testkit.ts'

const help = `npm run campaign -- media

Sends every file of the media collections through the real ingest, both stages, with every transcoder that is installed. Music has to be
published complete; each hostile file has to end as written down in media-server/src/ingest/hostile-media-outcomes.ts.
Exit code 1 when a file ends otherwise.

The collections are not part of the project: TONESTEAD_TEST_MEDIA names their folder. Without it the campaign is skipped.`

type Kit = Awaited<ReturnType<typeof openIngest>>

const filesBelow = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder, { recursive: true })
  const files: string[] = []
  for (const name of names.sort())
    if ((await stat(join(folder, name))).isFile() && !/\.(?:csv|md)$/.test(name)) files.push(join(folder, name))
  return files
}

const outcomeOf = async (kit: Kit, path: string, name: string): Promise<string> => {
  const first = await kit.ingest(path, 'playable', name)
  const last = first.kind === 'done' ? await kit.ingest(path, 'complete', name) : first
  return last.kind === 'done' ? 'done' : last.code
}

/** The number of files that did not end as expected. */
const ingestAll = async (kit: Kit): Promise<number> => {
  let failures = 0
  const check = (name: string, outcome: string, expected: string): void => {
    if (outcome === expected) return
    failures += 1
    console.log(`  ${name}: the outcome is "${outcome}", expected "${expected}"`)
  }
  const music = join(mediaFolder, 'music-and-formats')
  for (const path of await filesBelow(music))
    check(relative(music, path), await outcomeOf(kit, path, relative(music, path)), 'done')
  for (const [name, expected] of Object.entries(hostileMediaOutcomes))
    check(name, await outcomeOf(kit, join(mediaFolder, 'malformed', name), name), expected)
  return failures
}

const runCampaign = async (run: ProgramRun): Promise<void> => {
  let failures = 0
  for (const transcoder of await transcodersHere()) {
    const began = performance.now()
    const kit = await openIngest(transcoder)
    run.onEnd(async () => {
      await kit.close()
      await rm(kit.data, { recursive: true, force: true })
    })
    console.log(transcoder.name)
    const own = await ingestAll(kit)
    failures += own
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    console.log(`  ${own === 0 ? 'every file ended as expected' : `${own} files ended otherwise`}, ${seconds} s`)
  }
  if (failures > 0) throw new Error(`${failures} files did not end as expected`)
}

const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
if (values.help === true) console.log(help)
else if (!hasMedia)
  console.log('SKIPPED: the media collections are missing. Give their folder in TONESTEAD_TEST_MEDIA.')
else process.exit((await runToEnd('campaign-media', runCampaign)).exitCode)
