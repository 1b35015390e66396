import { expect, test } from 'vitest'
import { intentId } from '../../../../crdt/src/testkit/sample-values.testkit.ts'
import { createLazyDocuments } from './lazy-documents.ts'
import { createMemoryDocuments } from './memory-documents.testkit.ts'

const settings = { address: { kind: 'settings' } } as const
const intent = { kind: 'changeSettings', id: intentId(1), values: { theme: 'dark' } } as const

const start = () => {
  const inner = createMemoryDocuments()
  let loads = 0
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const lazy = createLazyDocuments(async () => {
    loads += 1
    await promise
    return inner
  })
  return { inner, lazy, loads: () => loads, finish: () => resolve(undefined) }
}

test('[DO12] a status loads nothing, a document that is shown loads once, and both follow what was loaded', async () => {
  const { inner, lazy, loads, finish } = start()
  const [status, view] = [lazy.status(), lazy.view(settings)]
  const seen: string[] = []
  status.subscribe(() => seen.push(status.get().kind))
  expect([loads(), status.get().kind]).toEqual([0, 'starting'])
  view.subscribe(() => seen.push(view.get().kind))
  lazy.start()
  expect([loads(), view.get().kind]).toEqual([1, 'loading'])
  const editing = lazy.edit(settings, intent)
  finish()
  expect(await editing).toEqual({ kind: 'kept' })
  expect(view.get()).toMatchObject({ kind: 'open', document: { values: { theme: '"dark"' } } })
  expect(await lazy.open(settings, new AbortController().signal)).toEqual(view.get())
  expect(lazy.view(settings)).toBe(view)
  inner.setStatus({ kind: 'offline', atMs: 3 })
  expect(status.get()).toEqual({ kind: 'offline', atMs: 3 })
  expect(seen).toContain('offline')
  expect(loads()).toBe(1)
})

test('[DO12] a view without a listener keeps nothing awake', async () => {
  const { inner, lazy, finish } = start()
  lazy.start()
  finish()
  await lazy.open(settings, new AbortController().signal)
  const view = lazy.view(settings)
  const listeners = () => (inner.view(settings) as unknown as { listeners(): number }).listeners()
  const stop = view.subscribe(() => undefined)
  expect(listeners()).toBe(1)
  stop()
  expect(listeners()).toBe(0)
})
