import type { DeviceIdentity, DeviceStore } from '../../ports/device-store.ts'

/** An identity until the tab closes: for tests. */
export const createMemoryDeviceStore = (): DeviceStore => {
  let kept: DeviceIdentity | undefined
  return { get: () => Promise.resolve(kept), putFirst: (identity) => Promise.resolve((kept ??= identity)) }
}
