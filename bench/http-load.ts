import { connect } from 'node:net'

export type Load = {
  readonly port: number
  readonly paths: readonly string[]
  readonly connections: number
  readonly requests: number
  readonly headers?: string
}
export type LoadResult = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly bytes: number
  readonly failures: number
}

/**
 * Asks loopback for a bounded number of files over keep-alive connections, one request at a time on each, by hand on the socket: an HTTP
 * client costs more than the servers that are measured.
 */
export const loadWith = async (load: Load): Promise<LoadResult> => {
  let next = 0
  let bytes = 0
  let failures = 0
  const times: number[] = []
  const began = performance.now()
  const oneConnection = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true })
      let askedAt = 0
      let missing = -1
      let header = ''
      const ask = (): void => {
        if (next >= load.requests) return void socket.end(() => resolve())
        const path = load.paths[next % load.paths.length] ?? '/'
        next += 1
        missing = -1
        header = ''
        askedAt = performance.now()
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${load.port}\r\n${load.headers ?? ''}\r\n`)
      }
      socket.on('data', (data: Buffer) => {
        bytes += data.length
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
        times.push(performance.now() - askedAt)
        ask()
      })
      socket.on('error', reject)
      socket.on('connect', ask)
    })
  await Promise.all(Array.from({ length: load.connections }, oneConnection))
  const seconds = (performance.now() - began) / 1000
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), bytes, failures }
}
