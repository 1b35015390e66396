import type { DeviceIdentity, DeviceStore } from '../ports/device-store.ts'

/** An identity until the tab closes: for tests. */
export const createMemoryDeviceStore = (): DeviceStore => {
  let kept: DeviceIdentity | undefined
  return { get: async () => kept, putFirst: async (identity) => (kept ??= identity) }
}
