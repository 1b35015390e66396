import { createServer, request } from 'node:http'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'

// What a listener would have without us, over the same line: hls.js on the same chunks, and a plain progressive file.

const repository = join(import.meta.dirname, '..')

const html = `<!doctype html><meta charset="utf-8"><title>peer</title><audio id="audio"></audio><script src="/hls.js"></script>
<script>
  const audio = document.getElementById('audio')
  const sounding = (from) => new Promise((resolve, reject) => {
    const look = () => audio.currentTime > 0 ? resolve(performance.now() - from) : requestAnimationFrame(look)
    audio.addEventListener('error', () => reject(new Error('media error ' + audio.error?.code)))
    setTimeout(() => reject(new Error('no sound in 60 s')), 60000)
    look()
  })
  let hls
  window.playHls = (url, options) => { const from = performance.now(); hls?.destroy(); hls = new Hls(options); hls.loadSource(url); hls.attachMedia(audio); audio.play().catch(() => {}); return sounding(from) }
  window.playFile = (url) => { const from = performance.now(); audio.src = url; audio.play().catch(() => {}); return sounding(from) }
  window.seekTo = (seconds) => new Promise((resolve) => {
    const from = performance.now(); audio.currentTime = seconds
    const look = () => !audio.seeking && audio.currentTime > seconds + 0.02 ? resolve(performance.now() - from) : requestAnimationFrame(look); look() })
</script>`

/** Serves the page, hls.js (brotli, light build) and plain files, and hands /hls and /chunks on to the media server, all on one port. */
export const startPeerServer = async (
  origin: string,
  files: ReadonlyMap<string, string>,
): Promise<{ port: number; close: () => Promise<void> }> => {
  const script = brotliCompressSync(await readFile(join(repository, 'node_modules/hls.js/dist/hls.light.min.js')))
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/'
    const file = files.get(path)
    if (path.startsWith('/hls/') || path.startsWith('/chunks/')) {
      incoming.pipe(
        request(
          `${origin}${path}`,
          {
            method: incoming.method ?? 'GET',
            headers: incoming.headers.range === undefined ? {} : { range: incoming.headers.range },
          },
          (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers)),
        ),
      )
    } else if (path === '/hls.js')
      outgoing.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'br' }).end(script)
    else if (file !== undefined)
      void sendFile(file, incoming.headers.range).then(({ status, headers, start, end }) =>
        createReadStream(file, { start, end }).pipe(outgoing.writeHead(status, headers)),
      )
    else outgoing.writeHead(200, { 'content-type': 'text/html' }).end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const sendFile = async (file: string, range: string | undefined) => {
  const { size } = await stat(file)
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  const start = from === '' ? 0 : Number(from)
  const end = to === '' ? size - 1 : Math.min(size - 1, Number(to))
  const headers = {
    'content-type': 'audio/mp4',
    'accept-ranges': 'bytes',
    'content-length': String(end - start + 1),
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
  }
  return { status: range === undefined ? 200 : 206, headers, start, end }
}
