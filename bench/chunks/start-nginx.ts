import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../harness/server-process.ts'
import { until } from '../../harness/until.ts'

/** nginx with one worker that serves an object folder at the same addresses as the media server. */
export const startNginx = async (options: {
  readonly program: string
  readonly folder: string
  readonly objects: string
}): Promise<{ port: number; stop: () => Promise<void> }> => {
  const { program, folder, objects } = options
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  // Its own folders for temporary files: the built-in ones belong to the machine.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  for (const name of temporary) await mkdir(join(folder, `nginx-${name}`), { recursive: true })
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit; ${user}
     events { worker_connections 512; }
     http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10000;
       ${temporary.map((name) => `${name}_temp_path ${folder}/nginx-${name};`).join(' ')}
       server { listen 127.0.0.1:${port}; default_type application/octet-stream;
         location ~ ^/chunks/(..)(..)(.+)$ { alias ${objects}/$1/$2/$1$2$3; etag on; add_header Cache-Control "public, max-age=31536000, immutable"; } } }`,
  )
  const child = spawn(program, ['-c', config, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  child.on('error', () => undefined)
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  try {
    await until('nginx takes connections', () => takesConnections(port), 10_000)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

const takesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
