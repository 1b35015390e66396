import { connect } from 'node:net'
import { quantile } from '../runner/rows.ts'

export type Load = {
  readonly port: number
  readonly paths: readonly string[]
  readonly connections: number
  readonly requests: number
  /** Lines of the request, each with its line end. */
  readonly headers?: string
}
export type LoadResult = { readonly perSecond: number; readonly p99Ms: number; readonly failures: number }

/**
 * Requests files from loopback over keep-alive connections, one request at a time on each. Written on the socket, because an HTTP client takes more
 * CPU time than the servers that are measured.
 */
export const runLoad = async (load: Load): Promise<LoadResult> => {
  let next = 0
  let failures = 0
  const times: number[] = []
  const began = performance.now()
  const oneConnection = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true })
      let sentAt = 0
      // Bytes of the body that are still to come; negative while the header is read.
      let missing = -1
      let header = ''
      const send = (): void => {
        if (next >= load.requests) return void socket.end(() => resolve())
        const path = load.paths[next % load.paths.length] ?? '/'
        next += 1
        missing = -1
        header = ''
        sentAt = performance.now()
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${load.port}\r\n${load.headers ?? ''}\r\n`)
      }
      socket.on('data', (data: Buffer) => {
        let body = data.length
        if (missing < 0) {
          header += data.toString('latin1')
          const end = header.indexOf('\r\n\r\n')
          if (end < 0) return
          if (!/^HTTP\/1\.1 20[06]/.test(header)) failures += 1
          missing = Number(/content-length: (\d+)/i.exec(header)?.[1] ?? 0)
          body = header.length - end - 4
        }
        missing -= body
        if (missing > 0) return
        times.push(performance.now() - sentAt)
        send()
      })
      socket.on('error', reject)
      socket.on('connect', send)
    })
  await Promise.all(Array.from({ length: load.connections }, oneConnection))
  const seconds = (performance.now() - began) / 1000
  return { perSecond: times.length / seconds, p99Ms: quantile(times, 0.99), failures }
}
