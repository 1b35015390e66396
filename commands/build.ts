import { buildApp } from './build-app.ts'

// npm run build: builds the app into dist/app. npm start, npm test and npm run bench do this by themselves.

console.log((await buildApp()) ? 'The app was built.' : 'The app is up to date.')
