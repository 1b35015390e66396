import { useEffect, useState } from 'react'
import { useServices } from './services-context.tsx'

/** A part of the page whose code is loaded after the first paint; undefined until it is there. `load` must stay the same. */
export const useLater = <T>(load: (() => Promise<T>) | undefined): T | undefined => {
  const { log } = useServices()
  const [part, setPart] = useState<{ readonly value: T }>()
  useEffect(() => {
    if (load === undefined) return
    let isWanted = true
    void load()
      .then((value) => isWanted && setPart({ value }))
      .catch(log.child('ui').failed('the code of a part of the page was not loaded'))
    return () => void (isWanted = false)
  }, [load, log])
  return part?.value
}
