import type { ValueStore } from '../../ports/value-store.ts'

/** Values until the tab closes: for tests, and where the browser keeps nothing. */
export const createMemoryValueStore = (): ValueStore => {
  const values = new Map<string, unknown>()
  return {
    get: (name) => Promise.resolve(structuredClone(values.get(name))),
    put: (name, value) => {
      values.delete(name)
      values.set(name, structuredClone(value))
      return Promise.resolve()
    },
    prune: (limit) => {
      for (const name of [...values.keys()].slice(0, Math.max(0, values.size - limit))) values.delete(name)
      return Promise.resolve()
    },
  }
}
