import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '..')

/** A file of the repository: its path from the root, and its text. */
export type SourceFile = { readonly path: string; readonly text: string }

/** Paths of all files that Git knows or would add, from the root, with `/`. */
export const listFiles = async (): Promise<string[]> => {
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    { cwd: root, maxBuffer: 64 * 2 ** 20 },
  )
  return stdout.split('\n').filter((path) => path !== '')
}

export const readFiles = (paths: readonly string[]): Promise<SourceFile[]> =>
  Promise.all(
    paths.map(async (path) => ({
      path,
      // A file that was deleted and not yet committed is still listed.
      text: await readFile(join(root, path), 'utf8').catch(() => ''),
    })),
  )

/** Prints what a check found and sets the exit code. A check that read nothing has failed. */
export const reportFindings = (read: number, what: string, findings: readonly string[]): void => {
  for (const finding of findings) console.log(finding)
  console.log(`${read} ${what}, ${findings.length} problems`)
  process.exitCode = findings.length > 0 || read === 0 ? 1 : 0
}
