import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import { createServer, type Plugin } from 'vite'
import { drawCoverAt } from '../e2e/ui/draw-cover.ts'
import { screens } from '../e2e/ui/screens.ts'

// npm run stories: every screen over fake services, without a media server. Vite serves them, so an edit shows at once.

const root = join(import.meta.dirname, '..')
const port = 5174

const storyOf = (state: string, path: string): string =>
  `/stories.html?state=${encodeURIComponent(state)}&path=${encodeURIComponent(path)}`

const index = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stories</title><h1>Stories</h1>
<p>A story with * is the start of a screen: its test clicks further (e2e/ui/screens.ts).</p>
<ul>${screens.map(({ name, state, path, prepare }) => `<li><a href="${storyOf(state, path).replaceAll('&', '&amp;')}">${name}</a>${prepare === undefined ? '' : ' *'}`).join('')}</ul></html>`

/** A story replaces its address by that of the page it shows. A reload of that address is redirected to the same story. */
const withStories: Plugin = {
  name: 'tonestead-stories',
  configureServer: ({ middlewares }) => {
    middlewares.use((request, response, next) => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const cover = drawCoverAt(url.pathname)
      const state = url.searchParams.get('state')
      if (cover !== undefined) response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(cover)
      else if (url.pathname === '/stories') response.writeHead(200, { 'content-type': 'text/html' }).end(index)
      else if (url.pathname === '/stories.html' && state !== null) {
        response.setHeader('set-cookie', `story=${encodeURIComponent(state)}; Path=/; SameSite=Lax`)
        next()
      } else if (request.headers.accept?.includes('text/html') === true && !url.pathname.includes('.')) {
        const last = /(?:^|;\s*)story=([\w%-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? 'ready'
        response.writeHead(302, { location: storyOf(last, `${url.pathname}${url.search}`) }).end()
      } else next()
    })
  },
}

const vite = await createServer({
  configFile: false,
  root: join(root, 'app'),
  publicDir: join(root, 'public'),
  // Not the folder of `npm run dev`: two Vite servers must not write to one.
  cacheDir: join(root, '.cache', 'stories'),
  plugins: [react(), withStories],
  server: { port },
})
await vite.listen()
console.log(`All stories: ${vite.resolvedUrls?.local[0] ?? ''}stories`)
