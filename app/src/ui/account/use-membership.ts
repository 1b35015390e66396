import { useEffect, useEffectEvent, useState } from 'react'
import type { AccountMembership } from '../../engine/account/membership.ts'
import { useServices } from '../state/services-context.tsx'

/** Runs something once while the element is there; `signal` aborts with it. A failure is logged, and true is returned. */
export const useWithMembership = (
  run: (membership: AccountMembership, signal: AbortSignal) => Promise<void>,
): { readonly hasFailed: boolean } => {
  const { loadMembership, log } = useServices()
  const [hasFailed, setFailed] = useState(false)
  const begin = useEffectEvent(async (signal: AbortSignal) => {
    try {
      const membership = await loadMembership()
      if (!signal.aborted) await run(membership, signal)
    } catch (cause) {
      if (signal.aborted) return
      log.child('ui').failed('the account was not changed')(cause)
      setFailed(true)
    }
  })
  useEffect(() => {
    const controller = new AbortController()
    void begin(controller.signal)
    return () => controller.abort()
  }, [])
  return { hasFailed }
}
