import { z } from 'zod'
import { readScrubState, type ScrubState } from '../scrub/scrubber.ts'
import type { HttpServices } from './http-services.ts'

export const readinessSchema = z.object({
  status: z.enum(['ready', 'not-ready']),
  /** Why the server is not ready, for people; empty when it is. */
  reasons: z.array(z.string()),
  freeBytes: z.number(),
  ingest: z.object({
    state: z.string(),
    transcoder: z.string().optional(),
    limits: z.string().optional(),
    reason: z.string().optional(),
  }),
  search: z.object({ state: z.string() }),
  /** The check of all objects. Findings do not make the server unready: everything else plays. */
  objects: z.object({
    state: z.enum(['sound', 'damaged']),
    /** Recordings with missing objects: those that are made again from their source files, and those whose source files are not there. */
    recordingsToMakeAgain: z.number(),
    recordingsLost: z.number(),
    /** The end of the last whole check, in milliseconds since 1970. */
    checkedAt: z.number().optional(),
  }),
  /** `damaged` does not make the server unready: what can be read is served. */
  catalog: z.object({
    state: z.enum(['sound', 'damaged']),
    findings: z.array(z.string()),
    checkedAt: z.number().optional(),
    backupAt: z.number().optional(),
  }),
})
export type Readiness = z.infer<typeof readinessSchema>

/** With less free space even a write of the catalog may fail. */
const minFreeBytes = 16 * 1024 * 1024
const checkTimeoutMs = 5000

/** A worker that is restarting, or an index that is being opened, is reported but does not make the server unready: playback works without them. */
export const readiness = async (
  services: Pick<
    HttpServices,
    'catalog' | 'objects' | 'ingest' | 'search' | 'scrubStates' | 'catalogHealth' | 'logger' | 'isDraining'
  >,
): Promise<Readiness> => {
  const [isDatabaseAnswering, freeBytes] = await Promise.all([
    isCatalogAnswering(services),
    services.objects.freeBytes(AbortSignal.timeout(checkTimeoutMs)).catch((error: unknown) => {
      services.logger.error({ err: error }, 'the free disk space could not be read')
      return 0
    }),
  ])
  const { kind, ...ingest } = services.ingest.health()
  const reasons = [
    ...(services.isDraining() ? ['The server is stopping.'] : []),
    ...(isDatabaseAnswering ? [] : ['The catalog does not answer.']),
    ...(freeBytes < minFreeBytes ? ['The disk is full.'] : []),
    ...(kind === 'starting' ? ['The ingest worker is starting.'] : []),
  ]
  return {
    status: reasons.length === 0 ? 'ready' : 'not-ready',
    reasons,
    freeBytes,
    ingest: { state: kind, ...ingest },
    search: { state: services.search.health().kind },
    objects: objectHealth(await readScrubState(services.scrubStates)),
    catalog: { ...services.catalogHealth(), findings: [...services.catalogHealth().findings] },
  }
}

const objectHealth = ({ findings, finishedAt }: ScrubState): Readiness['objects'] => {
  const recordingsToMakeAgain = findings.filter(({ isQueued }) => isQueued).length
  return {
    state: findings.length === 0 ? 'sound' : 'damaged',
    recordingsToMakeAgain,
    recordingsLost: findings.length - recordingsToMakeAgain,
    checkedAt: finishedAt,
  }
}

const isCatalogAnswering = async ({ catalog, logger }: Pick<HttpServices, 'catalog' | 'logger'>): Promise<boolean> => {
  try {
    await catalog.changes({ after: Number.MAX_SAFE_INTEGER, limit: 1 }, 'everyone')
    return true
  } catch (error) {
    logger.error({ err: error }, 'the catalog does not answer')
    return false
  }
}
