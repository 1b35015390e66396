import { describe, expect, test } from 'vitest'
import type { HostPart } from '../host/host-parts.ts'
import { createTabWorld, turns } from '../hosted-replica.testkit.ts'

const createCounter = () => {
  const listeners: ((key: string) => void)[] = []
  const counter = { value: 0, asked: [] as unknown[], listeners }
  const part: HostPart = {
    answer: async (question) => {
      counter.asked.push(question)
      await turns(1)
      if (question === 'fault') throw new Error('broken')
      return { seen: question }
    },
    value: (key) => `${key} ${counter.value}`,
    onChange: (listener) => void listeners.push(listener),
  }
  const change = (key: string): void => {
    counter.value += 1
    for (const listener of listeners) listener(key)
  }
  return { counter, part, change }
}
const never = new AbortController().signal

describe('questions to the leader', () => {
  test('[DO13] a question waits for its part, and is answered once', async () => {
    const world = createTabWorld()
    const { documents } = world.openTab()
    const asking = documents.ask('counter', 1, never)
    const { host } = world.lead()
    await turns()
    const { part, counter } = createCounter()
    host.serve('counter', part)
    expect(await asking).toEqual({ kind: 'answered', value: { seen: 1 } })
    expect(counter.asked).toEqual([1])
    expect(await documents.ask('counter', 'fault', never)).toEqual({ kind: 'failed' })
  })

  test('[DO13] a question that a leader did not answer is asked of the next one', async () => {
    const world = createTabWorld()
    const { documents } = world.openTab()
    const early = world.lead()
    const asking = documents.ask('counter', 2, never)
    await turns()
    early.die()
    const next = world.lead()
    const { part } = createCounter()
    next.host.serve('counter', part)
    expect(await asking).toEqual({ kind: 'answered', value: { seen: 2 } })
  })

  test('[DO13] a question ends when it is given up, and when nothing can be opened', async () => {
    const world = createTabWorld()
    const { documents } = world.openTab()
    const stop = new AbortController()
    const left = documents.ask('counter', 3, stop.signal)
    stop.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    const { host } = world.lead(false)
    const asking = documents.ask('counter', 4, never)
    await turns()
    host.fail('storage-failed')
    expect(await asking).toEqual({ kind: 'unavailable', reason: 'storage-failed' })
  })

  test('[DO13] a value follows what the leader has, and the next leader', async () => {
    const world = createTabWorld()
    const { documents } = world.openTab()
    const value = documents.value('counter', 'a')
    const early = world.lead()
    const first = createCounter()
    early.host.serve('counter', first.part)
    await turns()
    expect(value.get()).toBe('a 0')
    first.change('a')
    await turns()
    expect(value.get()).toBe('a 1')
    expect(documents.value('counter', 'a')).toBe(value)
    early.die()
    const next = world.lead()
    next.host.serve('counter', createCounter().part)
    await turns()
    expect(value.get()).toBe('a 0')
  })
})
