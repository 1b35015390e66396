import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// npm run watch: all unit tests once, because Vitest learns in that run what each test imports; then, at every edit, the tests of what changed.

process.argv.splice(2, 0, 'watch', '--project=unit')
await import(pathToFileURL(join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')).href)
