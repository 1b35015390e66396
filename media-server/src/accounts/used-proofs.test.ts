import { describe, expect, it } from 'vitest'
import { createUsedProofs } from './used-proofs.ts'

const open = () => {
  const store = createUsedProofs({ soft: 100, hard: 200, share: 50, scarceShare: 5 })
  let next = 0
  /** How many of `count` new proofs are accepted. */
  const add = (of: { peer: string; device: string }, count: number, now = 1): number => {
    for (let done = 0; done < count; done += 1) {
      next += 1
      try {
        store.add({ ...of, proof: `${next}` }, now)
      } catch (error) {
        expect(error).toMatchObject({ code: 'rate-limited', reason: 'proof-store' })
        return done
      }
    }
    return count
  }
  return { store, add }
}

describe('the store of used proofs', () => {
  it('cannot be filled by one peer with many devices, or by one device from many addresses', () => {
    const { add } = open()
    let accepted = 0
    for (let index = 0; index < 300; index += 1) accepted += add({ peer: 'a', device: `device ${index}` }, 1)
    expect(accepted).toBe(50)
    accepted = 0
    for (let index = 0; index < 300; index += 1) accepted += add({ peer: `peer ${index}`, device: 'b' }, 1)
    expect(accepted).toBe(50)
  })

  it('still takes some from each peer when many have filled it together', () => {
    const { add } = open()
    expect(add({ peer: 'a', device: 'a' }, 60)).toBe(50)
    expect(add({ peer: 'b', device: 'b' }, 60)).toBe(50)
    expect(add({ peer: 'a', device: 'x' }, 1)).toBe(0)
    expect(add({ peer: 'listener', device: 'listener' }, 10)).toBe(5)
  })

  it('never takes a proof twice, and is empty again after two generations', () => {
    const { store, add } = open()
    const used = { proof: 'p', peer: 'a', device: 'a' }
    expect(store.add(used, 1)).toBe(true)
    expect(store.add(used, 1)).toBe(false)
    add({ peer: 'a', device: 'a' }, 60)
    expect(store.add(used, 240_001)).toBe(false)
    expect(add({ peer: 'a', device: 'a' }, 60, 240_002)).toBe(50)
    expect(store.add(used, 900_000)).toBe(true)
  })
})
