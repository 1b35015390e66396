/** A hash table from hashes to numbers: open addressing in one growing typed array. The caller stores the values themselves. */
export type HashSlots = {
  /** The number with this hash for which `isIt` is true; -1: none. */
  readonly find: (hash: number, isIt: (number: number) => boolean) => number
  /** Adds the next number (0, 1, 2 …) with its hash. */
  readonly add: (hash: number) => void
}

export const createHashSlots = (): HashSlots => {
  // Each slot is the hash and, beside it in the same cache line, the number plus one; 0: empty.
  let slots = new Uint32Array(64)
  let count = 0
  const place = (hash: number, entry: number): void => {
    const mask = slots.length - 1
    let slot = (hash << 1) & mask
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask
    slots[slot] = hash
    slots[slot + 1] = entry
  }
  const grow = (): void => {
    const old = slots
    slots = new Uint32Array(old.length * 2)
    for (let slot = 0; slot < old.length; slot += 2) if (old[slot + 1] !== 0) place(old[slot] ?? 0, old[slot + 1] ?? 0)
  }
  return {
    find: (hash, isIt) => {
      const mask = slots.length - 1
      for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
        const number = (slots[slot + 1] ?? 0) - 1
        if (number < 0 || (slots[slot] === hash && isIt(number))) return number
      }
    },
    add: (hash) => {
      // At most two thirds of the slots are taken.
      if (count * 3 >= slots.length) grow()
      place(hash, ++count)
    },
  }
}
