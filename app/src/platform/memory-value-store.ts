import type { ValueStore } from '../ports/value-store.ts'

/** Values until the tab closes: for tests, and where the browser keeps nothing. */
export const createMemoryValueStore = (): ValueStore => {
  const values = new Map<string, unknown>()
  return {
    get: async (name) => structuredClone(values.get(name)),
    put: async (name, value) => {
      values.delete(name)
      values.set(name, structuredClone(value))
    },
    prune: async (limit) => {
      for (const name of [...values.keys()].slice(0, Math.max(0, values.size - limit))) values.delete(name)
    },
  }
}
