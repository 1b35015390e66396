import type { Random } from '../../ports/random.ts'

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  below: (limit) => {
    // Numbers above the last whole multiple of the limit would make low results more likely.
    const ceiling = Math.floor(2 ** 32 / limit) * limit
    for (;;) {
      const drawn = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
      if (drawn < ceiling) return drawn % limit
    }
  },
}
