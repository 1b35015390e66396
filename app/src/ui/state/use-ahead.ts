import { useServices } from './services-context.tsx'

/** Handlers of a button that opens a part of the page: they load its code before it is pressed. After a failure, opening the part loads it again. */
export const useAhead = (load: () => Promise<unknown>) => {
  const { log } = useServices()
  const start = (): void => void load().catch(log.child('ui').failed('the code of a part was not loaded ahead'))
  return { onPointerEnter: start, onFocus: start }
}
