import { appFolder, buildApp } from './build-app.ts'

// npm start: builds the app if its sources have changed, then runs the media server, which serves the app and the API on one port.

const args = process.argv.slice(2)
if (!args.includes('--help') && !args.includes('--app')) {
  if (await buildApp()) console.log('The app was built.')
  process.argv.push('--app', appFolder)
}
await import('../media-server/src/main.ts')
