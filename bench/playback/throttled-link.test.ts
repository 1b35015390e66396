import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createRandom } from '../catalog/seeded-random.ts'
import { openThrottledLink, type Line, type ThrottledLink } from './throttled-link.ts'

const fast: Line = { latencyMs: 0, bitsPerSecond: 1e10 }
const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** A server behind a link; both close after the test. */
const openLink = async (onConnection: (socket: Socket) => void, line = fast): Promise<ThrottledLink> => {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const link = await openThrottledLink((server.address() as AddressInfo).port, line)
  opened.push(() => link.close())
  return link
}

const connectTo = (link: ThrottledLink): Socket => {
  const socket = connect({ port: link.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  opened.push(() => Promise.resolve(void socket.destroy()))
  return socket
}

const readAll = async (socket: Socket): Promise<Buffer> => {
  const pieces: Buffer[] = []
  for await (const piece of socket.iterator({ destroyOnReturn: false })) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const randomBytes = (seed: string, length: number): Buffer => {
  const random = createRandom(seed)
  return Buffer.from(Array.from({ length }, () => random.below(256)))
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a throttled link', () => {
  it('keeps the order of bytes in both directions while the delay changes from piece to piece', async () => {
    const received: Promise<Buffer>[] = []
    const link = await openLink((socket) => {
      received.push(readAll(socket))
      // What comes in goes back in pieces of the same sizes.
      socket.on('data', (data) => void socket.write(data))
      socket.on('end', () => socket.end())
    })
    const random = createRandom('delays')
    const sent = randomBytes('bytes', 120_000)
    const client = connectTo(link)
    const answer = readAll(client)
    for (let from = 0; from < sent.length;) {
      const to = Math.min(sent.length, from + 1 + random.below(900))
      client.write(sent.subarray(from, to))
      from = to
      // From a long to a short delay: a timer per piece would let the second piece overtake the first.
      link.setLine({ latencyMs: random.below(30), bitsPerSecond: 10 ** (7 + random.below(4)) })
      await tick()
    }
    client.end()
    expect((await answer).equals(sent)).toBe(true)
    expect((await received[0])?.equals(sent)).toBe(true)
  })

  it('keeps connections apart that share the bandwidth', async () => {
    const link = await openLink((socket) => void socket.pipe(socket), { latencyMs: 5, bitsPerSecond: 2e7 })
    const answers = Array.from({ length: 6 }, async (_, at) => {
      const bytes = randomBytes(`connection ${at}`, 40_000)
      const client = connectTo(link)
      client.end(bytes)
      return (await readAll(client)).equals(bytes)
    })
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 6 }, () => true))
    expect(link.downBytes()).toBe(240_000)
  })

  it('delivers the answer to a client that has closed its own direction', async () => {
    const link = await openLink((socket) => {
      let request = ''
      socket.on('data', (data) => void (request += data.toString()))
      socket.on('end', () => socket.end(`answer to ${request}`))
    })
    const client = connectTo(link)
    client.end('a whole request')
    expect((await readAll(client)).toString()).toBe('answer to a whole request')
  })

  it('delivers what the server sent before it closed, and ends', async () => {
    const link = await openLink((socket) => void socket.end(randomBytes('last', 50_000)), {
      latencyMs: 20,
      bitsPerSecond: 1e7,
    })
    const client = connectTo(link)
    expect((await readAll(client)).length).toBe(50_000)
  })

  it('ends the connections when it is cut, and takes new ones after mending', async () => {
    const link = await openLink((socket) => void socket.pipe(socket))
    const client = connectTo(link)
    client.on('error', () => undefined)
    client.write('before')
    await new Promise((resolve) => client.once('data', resolve))
    const closed = new Promise((resolve) => client.once('close', resolve))
    client.resume()
    client.on('end', () => client.end())
    link.cut()
    await closed
    link.mend()
    const next = connectTo(link)
    next.end('after')
    expect((await readAll(next)).toString()).toBe('after')
  })
})
