/** Numbers of things by their hashes: open addressing in one typed array that grows with them. The things and their hashes lie elsewhere. */
export type HashSlots = {
  /** The number of the thing with that hash for which `isIt` holds; -1: none. */
  readonly find: (hash: number, isIt: (number: number) => boolean) => number
  /** Adds the next number: 0, 1, 2 … */
  readonly add: (hash: number) => void
}

export const createHashSlots = (): HashSlots => {
  let slots = new Uint32Array(32)
  let hashes = new Uint32Array(16)
  let count = 0
  const place = (number: number): void => {
    const mask = slots.length - 1
    let slot = (hashes[number] ?? 0) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = number + 1
  }
  const grow = (): void => {
    const larger = new Uint32Array(hashes.length * 2)
    larger.set(hashes)
    hashes = larger
    slots = new Uint32Array(larger.length * 2)
    for (let number = 0; number < count; number++) place(number)
  }
  return {
    find: (hash, isIt) => {
      const mask = slots.length - 1
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const number = (slots[slot] ?? 0) - 1
        if (number < 0 || (hashes[number] === hash && isIt(number))) return number
      }
    },
    add: (hash) => {
      if (count === hashes.length) grow()
      hashes[count] = hash
      place(count++)
    },
  }
}
