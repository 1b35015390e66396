import { routes } from '@tonestead/protocol/routes'

// The one table of request limits. `limits.integration.test.ts` walks it: every route has a class, and each class is limited.

/** Routes that cost about the same and are limited together. */
export type LimitClass =
  | 'shell'
  | 'file'
  | 'read'
  | 'search'
  | 'snapshot'
  | 'session'
  | 'claim'
  | 'pairing'
  | 'license'
  | 'play'
  | 'scan'
  | 'events'
  | 'upload'
  | 'hls'
  | 'sync'
  | 'operator'

/** A token bucket: holds `burst` tokens and gets `perSecond` new ones. */
export type Rate = { readonly burst: number; readonly perSecond: number }

/** The limits of one class. */
export type ClassLimit = {
  /** By the address of the client, before anything else is read, proofs included. */
  readonly peer: Rate
  /** By account, after its proof; of the class `hls` by capability. */
  readonly account?: Rate
  /** Requests of one peer, and of one account, that may be answered at the same time. */
  readonly atOnce?: number
  /** Tokens that one request takes, whether it succeeds or is refused. */
  readonly cost: number
}

export type RequestLimits = {
  readonly classes: Readonly<Record<LimitClass, ClassLimit>>
  /** Open connections of one peer. */
  readonly connections: number
  /** Proofs of one peer that are remembered in four minutes. The store has room for those of more than ten such peers. */
  readonly proofs: number
}

const calls: Rate = { burst: 600, perSecond: 50 }

export const defaultLimits: RequestLimits = {
  connections: 512,
  proofs: 20_000,
  classes: {
    shell: { peer: { burst: 2000, perSecond: 200 }, cost: 1 },
    // Chunks and covers. A listener needs a chunk in three seconds; a download as many as the network carries.
    file: { peer: { burst: 6000, perSecond: 600 }, cost: 1 },
    read: { peer: calls, account: calls, cost: 1 },
    search: { peer: calls, account: calls, atOnce: 16, cost: 1 },
    snapshot: { peer: { burst: 60, perSecond: 1 }, account: { burst: 60, perSecond: 1 }, atOnce: 4, cost: 1 },
    session: { peer: { burst: 120, perSecond: 1 }, atOnce: 32, cost: 1 },
    claim: { peer: { burst: 10, perSecond: 0.1 }, account: { burst: 10, perSecond: 0.1 }, cost: 1 },
    // A new device asks each second whether it was added.
    pairing: { peer: { burst: 60, perSecond: 4 }, atOnce: 16, cost: 1 },
    license: { peer: { burst: 240, perSecond: 8 }, account: { burst: 120, perSecond: 4 }, atOnce: 16, cost: 1 },
    // A device that was offline reports many plays at once.
    play: { peer: { burst: 600, perSecond: 3 }, account: { burst: 200, perSecond: 0.5 }, cost: 1 },
    scan: { peer: { burst: 20, perSecond: 0.5 }, account: { burst: 5, perSecond: 0.2 }, cost: 1 },
    events: { peer: { burst: 60, perSecond: 1 }, account: { burst: 60, perSecond: 1 }, atOnce: 8, cost: 1 },
    upload: { peer: calls, account: calls, atOnce: 64, cost: 1 },
    // Files for other players. A playlist of hours is megabytes.
    hls: { peer: { burst: 200, perSecond: 10 }, account: { burst: 100, perSecond: 5 }, atOnce: 16, cost: 1 },
    // Connections to the relay, and passes for it. A household's devices stay connected.
    sync: { peer: { burst: 300, perSecond: 10 }, account: { burst: 120, perSecond: 2 }, atOnce: 256, cost: 1 },
    operator: { peer: { burst: 200, perSecond: 20 }, cost: 1 },
  },
}

/** All limits multiplied by the same factor. */
export const scaleLimits = (limits: RequestLimits, factor: number): RequestLimits => {
  const scaleRate = ({ burst, perSecond }: Rate): Rate => ({ burst: burst * factor, perSecond: perSecond * factor })
  const scaleClass = ({ peer, account, atOnce, cost }: ClassLimit): ClassLimit => ({
    peer: scaleRate(peer),
    ...(account === undefined ? {} : { account: scaleRate(account) }),
    ...(atOnce === undefined ? {} : { atOnce: atOnce * factor }),
    cost,
  })
  const classes = Object.entries(limits.classes).map(([name, limit]) => [name, scaleClass(limit)])
  return {
    connections: limits.connections * factor,
    proofs: limits.proofs * factor,
    classes: Object.fromEntries(classes) as RequestLimits['classes'],
  }
}

const classByPath: Readonly<Record<string, LimitClass>> = {
  '/api/server': 'read',
  '/api/openapi.json': 'read',
  '/chunks/{id}': 'file',
  '/covers/{id}/{file}': 'file',
  '/api/sessions': 'session',
  '/api/claims': 'claim',
  '/api/devices': 'read',
  '/api/devices/{id}': 'read',
  '/api/pairings': 'pairing',
  '/api/pairings/{id}': 'pairing',
  '/api/pairing-answers': 'pairing',
  '/api/relay-passes': 'sync',
  '/sync': 'sync',
  '/api/licenses': 'license',
  '/api/hls-links': 'license',
  '/api/releases': 'read',
  '/api/releases/{id}': 'read',
  '/api/artists': 'read',
  '/api/artists/{id}': 'read',
  '/api/tracks': 'read',
  '/api/tracks/{id}': 'read',
  '/api/recordings/{id}/manifest': 'read',
  '/api/search': 'search',
  '/api/search/suggestions': 'search',
  '/api/search/snapshot': 'snapshot',
  '/api/search/changes': 'read',
  '/api/plays': 'play',
  '/api/changes': 'read',
  '/api/ingest': 'read',
  '/api/ingest/events': 'events',
  '/api/ingest/scans': 'scan',
  '/api/ingest/withdrawals': 'scan',
  '/uploads': 'upload',
  '/uploads/{id}': 'upload',
  '/hls/{capability}/{file}': 'hls',
  '/livez': 'operator',
  '/readyz': 'operator',
  '/metrics': 'operator',
}

/** The class of a route by its pattern; undefined when the table has no line for it. */
export const limitClassOfRoute = (pattern: string): LimitClass | undefined => classByPath[pattern]

const patterns = [...new Set(routes.map((route) => route.path))].map((path) => ({
  matches: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  limitClass: classByPath[path] ?? 'read',
}))

/** The class of any path. What is no route counts too: as `read` below /api, else as `shell`. */
export const limitClassOf = (path: string): LimitClass => {
  if (path.startsWith('/chunks/') || path.startsWith('/covers/')) return 'file'
  const exact = classByPath[path]
  if (exact !== undefined) return exact
  if (path.startsWith('/hls/')) return 'hls'
  const found = patterns.find(({ matches }) => matches.test(path))?.limitClass
  return found ?? (path.startsWith('/api/') ? 'read' : 'shell')
}
