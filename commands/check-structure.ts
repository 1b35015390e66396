import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'

// The dependency rule of docs/architecture.md. dependency-cruiser passes silently when it reads no module (met with a compiler it does
// not know), so the count is asserted; and a rule that no longer bites is worse than none, so violations are planted in a tree beside ours.

const root = join(import.meta.dirname, '..')
const leastModules = 120

const cruiseBelow = async (baseDir: string, folders: readonly string[]): Promise<ICruiseResult> => {
  const { options, forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    options: Record<string, unknown>
    forbidden: []
  }
  const { output } = await cruise([...folders], { ...options, baseDir, validate: true, ruleSet: { forbidden } })
  return output as ICruiseResult
}

const planted = [
  { file: 'app/src/engine/planted.ts', imports: '../platform/adapter.ts', rule: 'engine-is-headless' },
  { file: 'app/src/ui/planted.ts', imports: '../platform/adapter.ts', rule: 'ui-asks-the-engine' },
  { file: 'media-server/src/ingest/planted.ts', imports: '../platform/adapter.ts', rule: 'features-use-ports' },
  {
    file: 'media-server/src/platform/planted.ts',
    imports: '../../../app/src/platform/adapter.ts',
    rule: 'processes-are-strangers',
  },
  { file: 'crdt/src/planted.ts', imports: 'node:fs', rule: 'crdt-has-no-io' },
  { file: 'search-index/src/planted.ts', imports: '../../app/src/platform/adapter.ts', rule: 'index-is-alone' },
  { file: 'app/src/ui/state/planted.ts', imports: '../pages/page.ts', rule: 'ui-layers' },
  { file: 'app/src/ui/pages/planted.ts', imports: '../state/state.ts', rule: 'ui-folders-have-no-cycles' },
] as const

/** A rule about folders reports the folder of the file. */
const isReported = ({ from, rule }: ICruiseResult['summary']['violations'][number], file: string, name: string) =>
  rule.name === name && (from === file || from === dirname(file))

/** The rules that a planted violation did not trip. */
const sleepingRules = async (): Promise<string[]> => {
  await mkdir(join(root, '.cache'), { recursive: true })
  const tree = await mkdtemp(join(root, '.cache', 'planted-'))
  try {
    for (const file of [
      ...planted.map((violation) => violation.file),
      'app/src/platform/adapter.ts',
      'media-server/src/platform/adapter.ts',
      'app/src/ui/pages/page.ts',
      'app/src/ui/state/state.ts',
    ]) {
      const violation = planted.find((candidate) => candidate.file === file)
      await mkdir(join(tree, file, '..'), { recursive: true })
      await writeFile(
        join(tree, file),
        violation === undefined ? 'export const adapter = 1\n' : `import '${violation.imports}'\n`,
      )
    }
    const { summary } = await cruiseBelow(tree, ['app/src', 'media-server/src', 'crdt/src', 'search-index/src'])
    return planted
      .filter(({ file, rule }) => !summary.violations.some((found) => isReported(found, file, rule)))
      .map(({ rule }) => rule)
  } finally {
    await rm(tree, { recursive: true, force: true })
  }
}

const { summary } = await cruiseBelow(root, [
  'crdt/src',
  'protocol/src',
  'search-index/src',
  'app/src',
  'media-server/src',
])
for (const { rule, from, to } of summary.violations) console.log(`${rule.name}: ${from} → ${to}`)
const sleeping = await sleepingRules()
for (const rule of sleeping) console.log(`${rule}: a planted violation was not reported, the rule does not bite`)
const isBlind = summary.totalCruised < leastModules
if (isBlind)
  console.log(`only ${summary.totalCruised} modules were read, at least ${leastModules} are there: the check is blind`)
console.log(
  `${summary.totalCruised} modules, ${summary.totalDependenciesCruised ?? 0} dependencies, ${planted.length} planted violations reported`,
)
process.exitCode = summary.error > 0 || sleeping.length > 0 || isBlind ? 1 : 0
