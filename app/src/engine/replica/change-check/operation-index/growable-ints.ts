/** A growing list of 32-bit integers: 4 bytes each, where an array of a large document would take more. */
export type GrowableInts = {
  readonly push: (value: number) => void
  /** 0 beyond the end. */
  readonly at: (index: number) => number
  readonly set: (index: number, value: number) => void
  readonly length: () => number
}

export const createGrowableInts = (): GrowableInts => {
  let values = new Int32Array(64)
  let length = 0
  return {
    push: (value) => {
      if (length === values.length) {
        const larger = new Int32Array(Math.ceil(length * 1.5))
        larger.set(values)
        values = larger
      }
      values[length] = value
      length += 1
    },
    at: (index) => values[index] ?? 0,
    set: (index, value) => void (values[index] = value),
    length: () => length,
  }
}

/** A growing list of short lists of integers. */
export type GrowableIntLists = {
  readonly push: (list: readonly number[]) => void
  readonly at: (index: number) => number[]
}

export const createGrowableIntLists = (): GrowableIntLists => {
  const starts = createGrowableInts()
  const values = createGrowableInts()
  starts.push(0)
  return {
    push: (list) => {
      for (const value of list) values.push(value)
      starts.push(values.length())
    },
    at: (index) => {
      const list: number[] = []
      for (let at = starts.at(index); at < starts.at(index + 1); at += 1) list.push(values.at(at))
      return list
    },
  }
}
