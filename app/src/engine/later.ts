import type { Log } from '../ports/log.ts'
import { createCell } from './cell.ts'
import { switched } from './derived.ts'
import type { Readable } from './readable.ts'

/** A value that never changes. */
export const still = <T>(value: T): Readable<T> => ({ get: () => value, subscribe: () => () => undefined })

/** A part of the engine whose code is loaded when it is needed: the first paint does not need it. */
export type Later<Part> = {
  /** Loads it, once. After a failure, the next call tries again. */
  readonly need: () => Promise<Part>
  /** Undefined until it is there. */
  readonly loaded: () => Part | undefined
  /** A readable of the part; until the part is there, `before`. A subscriber loads it. */
  readonly readable: <T>(choose: (part: Part) => Readable<T>, before: Readable<T>) => Readable<T>
}

/** `log` takes that the code was not loaded for a subscriber. */
export const createLater = <Part>(load: () => Promise<Part>, log: Log): Later<Part> => {
  const loaded = createCell<Part | undefined>(undefined)
  let request: Promise<Part> | undefined
  const need = (): Promise<Part> => {
    request ??= load().then(
      (part) => {
        loaded.set(part)
        return part
      },
      (cause: unknown) => {
        request = undefined
        throw cause
      },
    )
    return request
  }
  const readable = <T>(choose: (part: Part) => Readable<T>, before: Readable<T>): Readable<T> => {
    const value = switched(loaded, (part) => (part === undefined ? before : choose(part)))
    return {
      get: value.get,
      subscribe: (listener) => {
        void need().catch(log.failed('the code of a part was not loaded'))
        return value.subscribe(listener)
      },
    }
  }
  return { need, loaded: loaded.get, readable }
}
