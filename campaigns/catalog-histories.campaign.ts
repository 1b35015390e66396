import { isDeepStrictEqual, parseArgs } from 'node:util'
import fc from 'fast-check'
import { anyHistory, replayHistory, type History } from '../media-server/src/ingest/catalog-histories.testkit.ts'

const help = `npm run campaign -- catalog-histories [--runs N] [--seed S]

Plays random histories of a music collection (files, uploads, flags, missing disks, kills, scans) against a server with a fake transcoder, and compares
its catalog with that of a new server that sees only the final state. Prints the shortest history that it finds in which they differ.

  --runs N  histories (1000)
  --seed S  the seed of an earlier run`

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string' }, help: { type: 'boolean' } },
})

const figures = { histories: 0, steps: 0, tracks: 0, publicTracks: 0, withTracks: 0, killed: 0 }

const isRight = async (history: History): Promise<boolean> => {
  const { ghosts, lived, fresh } = await replayHistory(history)
  figures.histories += 1
  figures.steps += history.length
  figures.tracks += fresh.listeners.tracks.length
  figures.publicTracks += fresh.everyone.tracks.length
  figures.withTracks += fresh.listeners.tracks.length > 0 ? 1 : 0
  figures.killed += history.filter((step) => 'killAt' in step && step.killAt !== undefined).length
  if (figures.histories % 100 === 0) console.log(`${figures.histories} histories`)
  return ghosts.length === 0 && isDeepStrictEqual(lived, fresh)
}

const main = async (): Promise<void> => {
  const property = fc.asyncProperty(anyHistory, isRight)
  const seed = values.seed === undefined ? {} : { seed: Number(values.seed) }
  const result = await fc.check(property, { numRuns: Number(values.runs), ...seed })
  console.log(
    `${figures.histories} histories with ${figures.steps} steps (${figures.killed} with a kill); ${figures.withTracks} ended with tracks: ${figures.tracks}, of them ${figures.publicTracks} public`,
  )
  console.log(
    result.failed
      ? `A history differs (seed ${result.seed}):`
      : `All ended in the catalog of their final state (seed ${result.seed}).`,
  )
  if (!result.failed) return
  console.log(JSON.stringify(result.counterexample, undefined, 1))
  process.exitCode = 1
}

if (values.help === true) console.log(help)
else await main()
