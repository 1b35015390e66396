import { buildApp } from './build-app.ts'

// npm run build: the app into dist/app, where the server finds it. Start, test and bench do this by themselves.

console.log((await buildApp()) ? 'The app was built.' : 'The app is built from these sources already.')
