import { z } from 'zod'
import type { HttpServices } from './http-services.ts'

export const readinessSchema = z.object({
  status: z.enum(['ready', 'not-ready']),
  /** Why not, for people; empty when ready. */
  reasons: z.array(z.string()),
  freeBytes: z.number(),
  ingest: z.object({
    state: z.string(),
    transcoder: z.string().optional(),
    limits: z.string().optional(),
    reason: z.string().optional(),
  }),
  search: z.object({ state: z.string() }),
})
export type Readiness = z.infer<typeof readinessSchema>

/** Below this even a catalog write may fail. */
const minFreeBytes = 16 * 1024 * 1024
const checkTimeoutMs = 5000

/** A worker that starts anew, or an index that is being opened, is told, but does not make the server unready: what is published plays on without it. */
export const readiness = async (
  services: Pick<HttpServices, 'catalog' | 'objects' | 'ingest' | 'search' | 'isDraining'>,
): Promise<Readiness> => {
  const [database, freeBytes] = await Promise.all([
    isAnswering(services.catalog),
    services.objects.freeBytes(AbortSignal.timeout(checkTimeoutMs)).catch(() => 0),
  ])
  const { kind, ...ingest } = services.ingest.health()
  const reasons = [
    ...(services.isDraining() ? ['The server is stopping.'] : []),
    ...(database ? [] : ['The catalog does not answer.']),
    ...(freeBytes < minFreeBytes ? ['The disk is full.'] : []),
    ...(kind === 'starting' ? ['The ingest worker is starting.'] : []),
  ]
  return {
    status: reasons.length === 0 ? 'ready' : 'not-ready',
    reasons,
    freeBytes,
    ingest: { state: kind, ...ingest },
    search: { state: services.search.health().kind },
  }
}

const isAnswering = async (catalog: HttpServices['catalog']): Promise<boolean> => {
  try {
    await catalog.changes({ after: Number.MAX_SAFE_INTEGER, limit: 1 }, 'everyone')
    return true
  } catch {
    return false
  }
}
