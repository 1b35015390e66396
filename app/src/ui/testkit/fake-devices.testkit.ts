import type { AccountDevice, AccountService } from '../../engine/account/account.ts'
import { createFakeAnswer, type FakeLibraryMode } from './fake-library.testkit.ts'

const dayMs = 86_400_000

/** This device and three others, or this device alone. The last one cannot be removed. */
export const createFakeDevices = (
  isAlone: boolean,
  mode: () => FakeLibraryMode,
): Pick<AccountService, 'devices' | 'removeDevice'> => {
  const answer = createFakeAnswer(mode)
  const nowMs = Date.now()
  const others: readonly (readonly [string, number])[] = [
    ['Safari on iPhone', 3 / 24],
    ['Firefox on Linux', 12],
    ['A device with a very long name that somebody gave it, in the room under the roof', 200],
  ]
  let devices: readonly AccountDevice[] = [['Chrome on Linux', 0] as const, ...(isAlone ? [] : others)].map(
    ([name, days], index) => ({
      id: `device-${index}`,
      name,
      registeredAt: new Date(2026, 2, 3).getTime() - index * 40 * dayMs,
      seenAt: nowMs - days * dayMs,
      isThis: index === 0,
    }),
  )
  return {
    devices: (signal) => answer(signal, () => devices),
    removeDevice: async (id) => {
      if (id === 'device-3') return { kind: 'offline' }
      devices = devices.filter((device) => device.id !== id)
      return answer(new AbortController().signal, () => 'removed' as const)
    },
  }
}
