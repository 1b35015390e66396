import type { BrowserEnvironment } from '../../ports/browser-environment.ts'

export const browserEnvironment: BrowserEnvironment = {
  userAgent: navigator.userAgent,
  isOnline: () => navigator.onLine,
  storage: async () => {
    if (!('storage' in navigator)) return undefined
    const [{ usage, quota }, isPersisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ])
    return usage === undefined || quota === undefined
      ? undefined
      : { usageBytes: usage, quotaBytes: quota, isPersisted }
  },
}
