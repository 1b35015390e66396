import { listFiles, readFiles, reportFindings, type SourceFile } from './source-files.ts'

// Every rule of a SPEC.md is cited by a test, every cited rule exists, and a prefix belongs to one SPEC.md.

const definition = /^\s*[-*] \*\*\[?([A-Z]+(?:-[A-Z]+)*-?)(\d+)\]?\*\*/gm
const citation = /\[([A-Z]+(?:-[A-Z]+)*-?\d+)\]/g
const isTest = (path: string): boolean => /\.(test|contract|testkit)\.tsx?$/.test(path)

/** Sentences that say what is wrong. */
export const findRuleProblems = (specs: readonly SourceFile[], sources: readonly SourceFile[]): string[] => {
  const { rules, problems } = readRules(specs)
  const tested = new Set<string>()
  for (const { path, text } of sources) {
    for (const [, rule = ''] of text.matchAll(citation)) {
      if (!rules.has(rule)) problems.push(`${path}: no SPEC.md has a rule [${rule}]`)
      else if (isTest(path)) tested.add(rule)
    }
  }
  for (const [rule, path] of rules) if (!tested.has(rule)) problems.push(`${path}: no test cites [${rule}]`)
  return [...new Set(problems)]
}

/** `rules`: the SPEC.md of each rule. */
const readRules = (specs: readonly SourceFile[]): { rules: Map<string, string>; problems: string[] } => {
  const specOfPrefix = new Map<string, string>()
  const rules = new Map<string, string>()
  const problems: string[] = []
  for (const { path, text } of specs) {
    for (const [, prefix = '', number = ''] of text.matchAll(definition)) {
      const rule = `${prefix}${number}`
      if (rules.get(rule) === path) problems.push(`${path}: rule [${rule}] is defined twice`)
      const other = specOfPrefix.get(prefix) ?? path
      if (other !== path) problems.push(`${path}: [${rule}] has a prefix of ${other}`)
      specOfPrefix.set(prefix, other)
      rules.set(rule, path)
    }
  }
  return { rules, problems }
}

if (import.meta.main) {
  const files = await listFiles()
  const specs = await readFiles(files.filter((path) => path.endsWith('SPEC.md')))
  const sources = await readFiles(files.filter((path) => /^[\w-]+\/src\/.*\.tsx?$/.test(path)))
  reportFindings(specs.length, 'SPEC.md files', findRuleProblems(specs, sources))
}
