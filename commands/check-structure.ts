import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'

// The dependency rule of docs/architecture.md. dependency-cruiser finds nothing wrong when it reads no module (seen with a compiler that
// it does not know), so the number of modules is checked. Every run also proves the rules on violations planted in a temporary tree.

const root = join(import.meta.dirname, '..')
const leastModules = 400

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
  { file: 'app/src/ui/planted.ts', imports: '../platform/adapter.ts', rule: 'ui-uses-the-engine' },
  { file: 'sync-server/src/relay/planted.ts', imports: '../platform/adapter.ts', rule: 'features-use-ports' },
  { file: 'media-server/src/ingest/planted.ts', imports: '../platform/adapter.ts', rule: 'features-use-ports' },
  {
    file: 'media-server/src/platform/planted.ts',
    imports: '../../../app/src/platform/adapter.ts',
    rule: 'processes-are-separate',
  },
  { file: 'crdt/src/planted.ts', imports: 'node:fs', rule: 'crdt-has-no-io' },
  { file: 'search-index/src/planted.ts', imports: '../../app/src/platform/adapter.ts', rule: 'index-is-alone' },
  { file: 'protocol/src/planted.ts', imports: '../../harness/shared.ts', rule: 'product-imports-no-tools' },
  { file: 'harness/planted.ts', imports: '../e2e/shared.ts', rule: 'harness-is-shared' },
  { file: 'e2e/planted.ts', imports: '../bench/ring.ts', rule: 'journeys-and-benchmarks-are-apart' },
  { file: 'bench/planted.ts', imports: './ring.ts', rule: 'no-cycles' },
  { file: 'app/src/ui/state/planted.ts', imports: '../pages/page.ts', rule: 'ui-layers' },
  { file: 'app/src/ui/pages/planted.ts', imports: '../state/state.ts', rule: 'ui-folders-have-no-cycles' },
] as const
/** What the planted violations import. */
const targets = [
  ...[
    'app/src/platform/adapter.ts',
    'media-server/src/platform/adapter.ts',
    'sync-server/src/platform/adapter.ts',
    'app/src/ui/pages/page.ts',
    'app/src/ui/state/state.ts',
    'harness/shared.ts',
    'e2e/shared.ts',
  ].map((file) => ({ file, text: 'export const adapter = 1\n' })),
  // A cycle is reported once, at the file that is first in alphabetical order.
  { file: 'bench/ring.ts', text: "import './planted.ts'\n" },
]

/** A rule about folders reports the folder of the file. */
const isReported = ({ from, rule }: ICruiseResult['summary']['violations'][number], file: string, name: string) =>
  rule.name === name && (from === file || from === dirname(file))

/** The rules that did not report their planted violation. */
const rulesWithoutEffect = async (): Promise<string[]> => {
  await mkdir(join(root, '.cache'), { recursive: true })
  const tree = await mkdtemp(join(root, '.cache', 'planted-'))
  try {
    const files = [...planted.map(({ file, imports }) => ({ file, text: `import '${imports}'\n` })), ...targets]
    for (const { file, text } of files) {
      await mkdir(join(tree, file, '..'), { recursive: true })
      await writeFile(join(tree, file), text)
    }
    const { summary } = await cruiseBelow(tree, [
      'app',
      'media-server',
      'sync-server',
      'protocol',
      'crdt',
      'search-index',
      'harness',
      'e2e',
      'bench',
    ])
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
  'sync-server/src',
  'harness',
  'e2e',
  'bench',
  'campaigns',
  'commands',
])
for (const { rule, from, to } of summary.violations) console.log(`${rule.name}: ${from} → ${to}`)
const withoutEffect = await rulesWithoutEffect()
for (const rule of withoutEffect)
  console.log(`${rule}: the planted violation was not reported, so this rule has no effect`)
const isTooFew = summary.totalCruised < leastModules
if (isTooFew) console.log(`only ${summary.totalCruised} modules were read, at least ${leastModules} were expected`)
console.log(
  `${summary.totalCruised} modules, ${summary.totalDependenciesCruised ?? 0} dependencies, ${planted.length} planted violations reported`,
)
process.exitCode = summary.error > 0 || withoutEffect.length > 0 || isTooFew ? 1 : 0
