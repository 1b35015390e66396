import type { DeviceIdentity, DeviceStore } from '../../ports/device-store.ts'

/** An identity until the tab closes: for tests. */
export const createMemoryDeviceStore = (): DeviceStore => {
  let stored: DeviceIdentity | undefined
  return {
    get: () => Promise.resolve(stored),
    putFirst: (identity) => Promise.resolve((stored ??= identity)),
    putFirstSealing: (sealing) => {
      if (stored === undefined) return Promise.reject(new Error('this profile has no identity'))
      stored = { ...stored, sealing: stored.sealing ?? sealing }
      return Promise.resolve(stored.sealing ?? sealing)
    },
    replace: (identity) => {
      stored = identity
      return Promise.resolve()
    },
  }
}
