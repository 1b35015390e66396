import { describe, expect, test } from 'vitest'
import type { LeaderLock } from '../../../ports/documents/leader-lock.ts'
import { createManualClock } from '../../../platform/system/manual-clock.ts'
import { createMemoryTabChannels } from '../../../platform/system/memory-tab-channel.ts'
import { createSeededRandom } from '../../../platform/system/seeded-random.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import { askIdleMs, askWaitingMs, keepLeader, silenceMs } from './keep-leader.ts'

/** Web Locks as the specification has them: one holder, a queue, and requests that take the lock by force. */
const createLock = (): LeaderLock => {
  let holder: { readonly lose: () => void } | undefined
  const queue: (() => void)[] = []
  return (_name, { isForced, signal }, work) =>
    new Promise((resolve, reject) => {
      const lost = new AbortController()
      const hold = (): void => {
        const self = { lose: () => lost.abort() }
        holder = self
        void work(lost.signal).then(() => {
          if (holder === self) {
            holder = undefined
            queue.shift()?.()
          }
          resolve()
        })
      }
      if (isForced) {
        holder?.lose()
        return hold()
      }
      if (holder === undefined) return hold()
      queue.push(hold)
      signal.addEventListener('abort', () => {
        const at = queue.indexOf(hold)
        if (at >= 0) queue.splice(at, 1)
        reject(signal.reason as Error)
      })
    })
}

const createTabs = () => {
  const [lock, clock] = [createLock(), createManualClock()]
  // A frozen tab hears nothing; what is sent to it waits.
  const frozen = new Set<string>()
  const openFor = (name: string) => {
    const open = createdChannels
    return (channel: string) => {
      const inner = open(channel)
      return {
        ...inner,
        onMessage: (listener: (data: unknown) => void) =>
          inner.onMessage((data) => (frozen.has(name) ? undefined : listener(data))),
      }
    }
  }
  const createdChannels = createMemoryTabChannels()
  const leading = new Set<string>()
  const open = (name: string) => {
    const tab = { isVisible: true, isWaiting: false }
    const closing = new AbortController()
    const lead = () => {
      leading.add(name)
      return () => void leading.delete(name)
    }
    keepLeader(
      {
        ...{ lock, clock, log: silentLog, openChannel: openFor(name), lead },
        random: createSeededRandom(name.charCodeAt(0)),
        isVisible: () => tab.isVisible && !frozen.has(name),
        isWaiting: () => tab.isWaiting,
      },
      closing.signal,
    )
    return Object.assign(tab, {
      freeze: () => void frozen.add(name),
      thaw: () => void frozen.delete(name),
      close: () => closing.abort(new Error('closed')),
    })
  }
  return { clock, open, leading: () => [...leading] }
}

describe('the leading tab', () => {
  test('[DO5] one tab leads, and the next one when it is closed', async () => {
    const { clock, open, leading } = createTabs()
    const [a, b] = [open('a'), open('b')]
    open('c')
    await clock.advance(1)
    expect(leading()).toEqual(['a'])
    a.close()
    await clock.advance(1)
    expect(leading()).toEqual(['b'])
    b.close()
    await clock.advance(1)
    expect(leading()).toEqual(['c'])
  })

  test('[DO5] a tab that answers keeps the lead, however long', async () => {
    const { clock, open, leading } = createTabs()
    open('a')
    const b = open('b')
    b.isWaiting = true
    await clock.advance(60_000)
    expect(leading()).toEqual(['a'])
  })

  test('[DO5] a visible tab that waits takes over from a silent one after a second, and only one of several does', async () => {
    const { clock, open, leading } = createTabs()
    const a = open('a')
    const others = [open('b'), open('c')]
    await clock.advance(1)
    a.freeze()
    for (const tab of others) tab.isWaiting = true
    await clock.advance(askIdleMs + askWaitingMs + silenceMs + 500)
    expect(leading().length).toBe(1)
    expect(leading()).not.toEqual(['a'])
    const [leader] = leading()
    await clock.advance(60_000)
    expect(leading()).toEqual([leader])
    // It wakes up, leads no more, and is the next in the queue again.
    a.thaw()
    await clock.advance(60_000)
    expect(leading()).toEqual([leader])
  })

  test('[DO5] a hidden tab takes nothing by force', async () => {
    const { clock, open, leading } = createTabs()
    const a = open('a')
    const b = open('b')
    b.isVisible = false
    b.isWaiting = true
    await clock.advance(1)
    a.freeze()
    await clock.advance(60_000)
    expect(leading()).toEqual(['a'])
    b.isVisible = true
    await clock.advance(askIdleMs + silenceMs + 500)
    expect(leading()).toEqual(['b'])
  })
})
