import { join } from 'node:path'
import { appFolder, buildApp } from './build-app.ts'

// npm start: builds the app if its sources have changed, then runs the media server, which serves the app, the API and the relay beside it on one port.

const args = process.argv.slice(2)
if (!args.includes('--help') && !args.includes('--app')) {
  if (await buildApp()) console.log('The app was built.')
  process.argv.push('--app', appFolder)
}
if (!args.includes('--relay'))
  process.argv.push('--relay', join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts'))
await import('../media-server/src/main.ts')
