/** A growing list of numbers in a typed array, which grows by half when it is full. */
export type Column<Numbers> = {
  readonly add: (value: number) => void
  readonly set: (index: number, value: number) => void
  readonly get: (index: number) => number
  readonly count: () => number
  readonly all: () => Numbers
}

/** A column of whole numbers from 0 to 2³² − 1. */
export const createWholeColumn = (): Column<Uint32Array<ArrayBuffer>> =>
  createColumn((length) => new Uint32Array(length))
export const createFloatColumn = (): Column<Float64Array<ArrayBuffer>> =>
  createColumn((length) => new Float64Array(length))

const createColumn = <Numbers extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  make: (length: number) => Numbers,
): Column<Numbers> => {
  let numbers = make(16)
  let count = 0
  const add = (value: number): void => {
    if (count === numbers.length) {
      const larger = make(Math.ceil(count * 1.5))
      larger.set(numbers)
      numbers = larger
    }
    numbers[count++] = value
  }
  return {
    add,
    set: (index, value) => {
      numbers[index] = value
    },
    get: (index) => numbers[index] ?? 0,
    count: () => count,
    /** A view, valid until the next number is added. */
    all: () => numbers.subarray(0, count) as Numbers,
  }
}
