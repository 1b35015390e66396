import { dirname, posix } from 'node:path'
import { listFiles, readFiles, reportFindings, type SourceFile } from './source-files.ts'

// Every path that the documentation names exists.

/** Made when a program runs, so not in the repository; `secrets/` and `work/` are in the data folder. */
const madeAtRunTime = /^(\.\/)?(data|secrets|work|dist|node_modules|\.cache)\//
const extension = /\.(ts|tsx|mjs|cjs|js|json|md|css|html|sql|woff2|png|svg)$/
/** `.ts` is an extension, and `x.test.ts` stands for every name. */
const pattern = /^(\.\w+$|x\.)/
const isPath = (text: string): boolean =>
  !pattern.test(text) && /^[\w.@-]+(?:\/[\w.@-]+)*\/?$/.test(text) && (text.endsWith('/') || extension.test(text))

/** `page:line path` of every path that does not exist. `files`: paths of all files, from the root. */
export const findMissingPaths = ({ path: page, text }: SourceFile, files: readonly string[]): string[] => {
  const exists = createLookup(files)
  return text.split('\n').flatMap((line, index) =>
    namedIn(line)
      .filter((named) => !madeAtRunTime.test(named))
      .filter((named) => !exists(named) && !exists(posix.normalize(posix.join(dirname(page), named))))
      .map((named) => `${page}:${index + 1} ${named}`),
  )
}

/** Targets of relative links, and paths between backticks. */
const namedIn = (line: string): string[] => {
  const links = [...line.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target)
  const code = [...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
  return [...links.filter((target) => !/^[a-z]+:/.test(target)), ...code.filter(isPath)]
}

/** A path may leave out its beginning, as in `engine/streaming/`. */
const createLookup = (files: readonly string[]): ((path: string) => boolean) => {
  const known = new Set<string>()
  for (const file of files) {
    const parts = file.split('/')
    for (let start = 0; start < parts.length; start += 1) {
      for (let end = start + 1; end <= parts.length; end += 1) known.add(parts.slice(start, end).join('/'))
    }
  }
  return (path) => known.has(path.replace(/^\.\//, '').replace(/\/$/, ''))
}

if (import.meta.main) {
  const files = await listFiles()
  const pages = await readFiles(files.filter((path) => path.endsWith('.md')))
  reportFindings(
    pages.length,
    'pages',
    pages.flatMap((page) => findMissingPaths(page, files)),
  )
}
