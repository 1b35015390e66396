import { createContext, use, useSyncExternalStore, type ReactNode } from 'react'
import type { PlayerView } from '../../engine/playback/player.ts'
import type { Readable } from '../../engine/readable.ts'
import type { Services } from '../../engine/services.ts'

const ServicesContext = createContext<Services | undefined>(undefined)

export const ServicesProvider = ({ services, children }: { services: Services; children: ReactNode }) => (
  <ServicesContext value={services}>{children}</ServicesContext>
)

export const useServices = (): Services => {
  const services = use(ServicesContext)
  if (services === undefined) throw new Error('no ServicesProvider above this component')
  return services
}

export const useReadable = <T,>(readable: Readable<T>): T => useSyncExternalStore(readable.subscribe, readable.get)

export const usePlayerView = (): PlayerView => useReadable(useServices().player.view)
