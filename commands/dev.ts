import { join } from 'node:path'
import { createServer, type Plugin } from 'vite'
import { freePort } from '../harness/server-process.ts'
import { createApiProxy } from './api-proxy.ts'
import { startRestartingProcess } from './restarting-process.ts'

// npm run dev: Vite serves the page from its sources; a real media server behind it answers the API and restarts when its sources change.

const root = join(import.meta.dirname, '..')

const help = `npm run dev -- [--port N] [options and music folders of the media server]
  --port N      Port of the page                  (5173)
  --data DIR    Data of the media server          (.cache/dev-data)
The media server gets a free port of its own. All its other options: npm start -- --help`

/** Vite builds no service worker in development, and would answer its address with the page. */
const withoutServiceWorker: Plugin = {
  name: 'tonestead-without-service-worker',
  configureServer: ({ middlewares }) => {
    middlewares.use('/service-worker.js', (_request, response) => {
      response.writeHead(404).end()
    })
  },
}

/** `--name VALUE` or `--name=VALUE`, and the arguments without it. */
const takeOption = (args: readonly string[], name: string): { value: string | undefined; rest: readonly string[] } => {
  const at = args.findIndex((argument) => argument === name || argument.startsWith(`${name}=`))
  const found = args[at]
  if (found === undefined) return { value: undefined, rest: args }
  return found === name
    ? { value: args[at + 1], rest: args.toSpliced(at, 2) }
    : { value: found.slice(name.length + 1), rest: args.toSpliced(at, 1) }
}

const main = async (args: readonly string[]): Promise<void> => {
  const { value: port = '5173', rest: serverArgs } = takeOption(args, '--port')
  const apiPort = await freePort()
  const page = `http://localhost:${port}`
  const vite = await createServer({
    configFile: join(root, 'vite.config.ts'),
    plugins: [withoutServiceWorker],
    server: { port: Number(port), strictPort: true, proxy: createApiProxy(`http://127.0.0.1:${apiPort}`) },
  })
  await vite.listen()
  const mediaServer = startRestartingProcess({
    args: [
      'media-server/src/main.ts',
      '--port',
      String(apiPort),
      '--public-url',
      page,
      '--relay',
      join(root, 'sync-server/src/main.ts'),
      ...(takeOption(serverArgs, '--data').value === undefined ? ['--data', join(root, '.cache', 'dev-data')] : []),
      ...serverArgs,
    ],
    cwd: root,
    sources: ['media-server', 'sync-server', 'protocol', 'crdt', 'search-index'].map((name) => join(root, name, 'src')),
    onRestart: (file) => console.log(`${file} changed, the media server restarts.`),
  })
  console.log(`
Page:          ${page}  (changes show at once)
Media server:  http://localhost:${apiPort}, reached through the page's address; restarts when its sources change
No service worker runs here: the page plays as it does in a browser without one, and keeps nothing for offline use.
To try the service worker: npm start
`)
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    await mediaServer.stop(signal)
    await vite.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))
}

const args = process.argv.slice(2)
if (args.includes('--help')) console.log(help)
else await main(args)
