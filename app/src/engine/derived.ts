import type { Readable } from './readable.ts'

/** A value computed from another one; the same object until the source changes. */
export const derived = <Source, T>(source: Readable<Source>, compute: (value: Source) => T): Readable<T> => {
  let last: { readonly from: Source; readonly value: T } | undefined
  return {
    get: () => {
      const from = source.get()
      if (last === undefined || !Object.is(last.from, from)) last = { from, value: compute(from) }
      return last.value
    },
    subscribe: source.subscribe,
  }
}

/** The value of the readable that a value chooses. `choose` gives the same readable for equal choices. */
export const switched = <Source, T>(source: Readable<Source>, choose: (value: Source) => Readable<T>): Readable<T> => ({
  get: () => choose(source.get()).get(),
  subscribe: (listener) => {
    let chosen = choose(source.get())
    let stopChosen = chosen.subscribe(listener)
    const stopSource = source.subscribe(() => {
      const next = choose(source.get())
      if (next !== chosen) {
        stopChosen()
        chosen = next
        stopChosen = chosen.subscribe(listener)
      }
      listener()
    })
    return () => {
      stopSource()
      stopChosen()
    }
  },
})
