import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** A file of the repository: its path from the root, and its text. */
export type SourceFile = { readonly path: string; readonly text: string }

/** As in .gitignore. Git itself is not used: a machine that only runs the tests may have none. */
const ignored: ReadonlySet<string> = new Set(['node_modules', 'dist', 'data', '.git', '.cache', '.vite'])

/** Paths of all files of the repository, from the root, with `/`. */
export const listFiles = async (folder = ''): Promise<string[]> => {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const found = await Promise.all(
    entries
      .filter(({ name }) => !ignored.has(name))
      .map(async (entry) => {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`
        return entry.isDirectory() ? await listFiles(path) : [path]
      }),
  )
  return found.flat()
}

export const readFiles = (paths: readonly string[]): Promise<SourceFile[]> =>
  Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })))

/** Prints what a check found and sets the exit code. A check that read nothing has failed. */
export const reportFindings = (read: number, what: string, findings: readonly string[]): void => {
  for (const finding of findings) console.log(finding)
  console.log(`${read} ${what}, ${findings.length} problems`)
  process.exitCode = findings.length > 0 || read === 0 ? 1 : 0
}
