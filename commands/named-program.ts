import { readdir } from 'node:fs/promises'

/** Runs `<folder>/<NAME>.<what>.ts` for `npm run <what> -- NAME`. Without a known NAME it lists the names. */
export const runNamedProgram = async (what: string, folders: readonly string[]): Promise<void> => {
  const programs = new Map<string, string>()
  for (const folder of folders) {
    for (const file of await readdir(new URL(folder, import.meta.url)).catch(() => [])) {
      if (file.endsWith(`.${what}.ts`))
        programs.set(file.slice(0, -`.${what}.ts`.length), new URL(`${folder}${file}`, import.meta.url).href)
    }
  }
  const [name = '', ...rest] = process.argv.slice(2)
  const program = programs.get(name)
  if (program === undefined) {
    console.log(`npm run ${what} -- NAME [options]\nNAME is one of: ${[...programs.keys()].toSorted().join(', ')}`)
    process.exitCode = name === '' || name === '--help' ? 0 : 2
    return
  }
  process.argv.splice(2, process.argv.length - 2, ...rest)
  await import(program)
}
