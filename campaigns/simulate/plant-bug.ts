import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { plantedBugs, type Patch } from './planted-bugs.ts'

// Loaded with --import in a process of its own: alters the files of the product while they are loaded. The oracle (`checks/oracle.ts?oracle`) gets the rules as they
// are, with everything that it imports.

const root = new URL('../../', import.meta.url)
const oracle = '?oracle'

/** Patches that are still to be applied; all must be before the first seed. */
export const openPatches = new Set<Patch>()

const apply = (text: string, patch: Patch): string => {
  if (text.split(patch.find).length !== 2) throw new Error(`the patch of ${patch.file} does not match: ${patch.find}`)
  openPatches.delete(patch)
  return text.replace(patch.find, () => patch.replace)
}

const plant = (name: string): void => {
  const found = plantedBugs.find((bug) => bug.name === name)
  if (found === undefined) throw new Error(`no planted bug is called "${name}"`)
  for (const patch of found.patches) openPatches.add(patch)
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context)
      const isOurs = resolved.url.startsWith(root.href) && !resolved.url.includes('/node_modules/')
      return context.parentURL?.endsWith(oracle) === true && isOurs && !resolved.url.endsWith(oracle)
        ? { ...resolved, url: `${resolved.url}${oracle}` }
        : resolved
    },
    load: (url, context, next) => {
      const loaded = next(url, context)
      if (!url.startsWith(root.href) || url.endsWith(oracle)) return loaded
      const path = fileURLToPath(url).slice(fileURLToPath(root).length)
      const patches = found.patches.filter(({ file }) => file === path)
      if (patches.length === 0) return loaded
      const text =
        typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
      return { ...loaded, source: patches.reduce(apply, text) }
    },
  })
}

const { TONESTEAD_PLANTED_BUG: name } = process.env
if (name !== undefined) plant(name)
