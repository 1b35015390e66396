import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../catalog/seeded-random.ts'
import { createDelayQueue } from './delay-queue.ts'

const collect = () => {
  const written: Buffer[] = []
  const to = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      written.push(piece)
      done()
    },
  })
  return { to, written }
}

/** A stream that accepts a write and finishes it when `finish` is called. */
const createSlowStream = () => {
  const finishers: (() => void)[] = []
  const to = new Writable({ highWaterMark: 1, write: (_piece, _encoding, done) => void finishers.push(done) })
  return { to, finish: () => finishers.shift()?.() }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('a delay queue', () => {
  it('writes pieces in their order, whatever their times are', async () => {
    const { to, written } = collect()
    const queue = createDelayQueue({ to, signal: new AbortController().signal })
    const random = createRandom('times')
    const pieces = Array.from({ length: 500 }, (_, at) => Buffer.from(`${at};`))
    for (const piece of pieces) void queue.push(piece, performance.now() + random.below(20) - 10)
    await queue.drained()
    expect(Buffer.concat(written).toString()).toBe(Buffer.concat(pieces).toString())
  })

  it('has no room while the stream takes nothing, and room again after', async () => {
    const { to, finish } = createSlowStream()
    const queue = createDelayQueue({ to, signal: new AbortController().signal }, 100)
    let accepted = 0
    const push = async (): Promise<void> => {
      await queue.push(Buffer.alloc(60), 0)
      accepted += 1
    }
    await push()
    const second = push()
    await settle()
    expect(accepted).toBe(1)
    finish()
    await second
    expect(accepted).toBe(2)
  })

  it('stops waiting and writes nothing more after an abort', async () => {
    const { to, written } = collect()
    const closing = new AbortController()
    const queue = createDelayQueue({ to, signal: closing.signal })
    void queue.push(Buffer.from('late'), performance.now() + 3_600_000)
    closing.abort()
    await queue.drained()
    await settle()
    expect(written).toEqual([])
  })
})
