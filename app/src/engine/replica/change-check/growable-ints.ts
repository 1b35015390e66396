/** A growing list of 32-bit integers: 4 bytes each, where an array of a large document would take more. */
export type GrowableInts = {
  readonly push: (value: number) => void
  /** 0 beyond the end. */
  readonly at: (index: number) => number
  readonly set: (index: number, value: number) => void
  readonly slice: (start: number, end: number) => number[]
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
    slice: (start, end) => {
      const part: number[] = []
      for (let index = start; index < end; index += 1) part.push(values[index] ?? 0)
      return part
    },
    length: () => length,
  }
}
