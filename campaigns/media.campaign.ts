import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { hostileMediaOutcomes } from '../media-server/src/ingest/hostile-media-outcomes.ts'
import { hasMedia, mediaFolder, openIngest, transcodersHere } from '../media-server/src/ingest/ingest.testkit.ts'

// npm run campaign -- media
// Every file of the media collections through the real ingest, both stages, with every transcoder that is here: music is published complete,
// hostile files end as written down. Exit code 1 when one does not.

const filesBelow = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder, { recursive: true })
  const files: string[] = []
  for (const name of names.sort())
    if ((await stat(join(folder, name))).isFile() && !/\.(?:csv|md)$/.test(name)) files.push(join(folder, name))
  return files
}

type Kit = Awaited<ReturnType<typeof openIngest>>

const outcomeOf = async (kit: Kit, path: string, name: string): Promise<string> => {
  const first = await kit.ingest(path, 'playable', name)
  const last = first.kind === 'done' ? await kit.ingest(path, 'complete', name) : first
  return last.kind === 'done' ? 'done' : last.code
}

const runAll = async (kit: Kit): Promise<number> => {
  let failures = 0
  const report = (name: string, outcome: string, expected: string): void => {
    if (outcome === expected) return
    failures += 1
    console.log(`  ${name}: ${outcome}, expected ${expected}`)
  }
  const music = join(mediaFolder, 'music-and-formats')
  for (const path of await filesBelow(music))
    report(relative(music, path), await outcomeOf(kit, path, relative(music, path)), 'done')
  for (const [name, expected] of Object.entries(hostileMediaOutcomes))
    report(name, await outcomeOf(kit, join(mediaFolder, 'malformed', name), name), expected)
  return failures
}

if (!hasMedia) {
  console.log('SKIPPED: the media collections are not at hand; name their folder in TONESTEAD_TEST_MEDIA.')
  process.exit(0)
}
let total = 0
for (const transcoder of await transcodersHere()) {
  const from = performance.now()
  const kit = await openIngest(transcoder)
  console.log(transcoder.name)
  const failures = await runAll(kit)
  await kit.close()
  total += failures
  console.log(
    `  ${failures === 0 ? 'all as expected' : `${failures} not as expected`}, ${((performance.now() - from) / 1000).toFixed(0)} s`,
  )
}
process.exit(total === 0 ? 0 : 1)
