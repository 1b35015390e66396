import type { DeviceId } from '@tonestead/crdt/ids'

/** The response of a request that is being answered; `destroy` closes its connection. */
type OpenResponse = { destroy(): unknown }

export type OpenRequests = {
  /** Returns the function to call when the request has been answered. */
  add(device: DeviceId, response: OpenResponse): () => void
  /** Ends the requests of a device that was removed, `except` the one that removed it. */
  endAll(device: DeviceId, except?: OpenResponse): void
  /** How many devices were removed since the start: where it has changed, a device that was identified before may be removed. */
  removals(): number
}

/** The requests that are being answered, by device: event streams, downloads and uploads end when their device is removed. */
export const createOpenRequests = (): OpenRequests => {
  const byDevice = new Map<DeviceId, Set<OpenResponse>>()
  let removals = 0
  return {
    add: (device, response) => {
      const open = byDevice.get(device) ?? new Set()
      byDevice.set(device, open.add(response))
      return () => {
        open.delete(response)
        if (open.size === 0 && byDevice.get(device) === open) byDevice.delete(device)
      }
    },
    endAll: (device, except) => {
      removals += 1
      for (const response of byDevice.get(device) ?? []) if (response !== except) response.destroy()
    },
    removals: () => removals,
  }
}
