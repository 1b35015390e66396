import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// npm run watch: all unit tests once (that is how Vitest learns who imports what), then at every edit those that it can have changed.

process.argv.splice(2, 0, 'watch', '--project=unit')
await import(pathToFileURL(join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')).href)
