import { expect, test } from 'vitest'
import { createCell } from './cell.ts'
import { derived, switched } from './derived.ts'

test('a derived value is computed once for each value of its source', () => {
  const source = createCell(1)
  let computed = 0
  const twice = derived(source, (value) => {
    computed += 1
    return { value: value * 2 }
  })
  expect(twice.get()).toBe(twice.get())
  source.set(2)
  expect(twice.get()).toEqual({ value: 4 })
  expect(computed).toBe(2)
})

test('a switched value follows the readable that is chosen, and only that one', () => {
  const [one, two] = [createCell('one'), createCell('two')]
  const choice = createCell<'one' | 'two'>('one')
  const value = switched(choice, (name) => (name === 'one' ? one : two))
  const seen: string[] = []
  const stop = value.subscribe(() => seen.push(value.get()))
  one.set('one again')
  choice.set('two')
  one.set('nobody looks')
  two.set('two again')
  expect(seen).toEqual(['one again', 'two', 'two again'])
  stop()
  expect([one.listeners(), two.listeners(), choice.listeners()]).toEqual([0, 0, 0])
})
