// The server has exactly these routes; a test requests each of them.

/**
 * Who may call a route. `public`: anyone; immutable or harmless. `device`: requests signed by a device; what is public in the catalog needs no rights.
 * `capability`: whoever knows the unguessable, short-lived path. `operator`: loopback or a port of its own.
 */
export type RouteClass = 'public' | 'device' | 'capability' | 'operator'
/** One route of the media server; `path` has parameters in braces. */
export type Route = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly access: RouteClass
}

const route = (method: Route['method'], path: string, access: RouteClass): Route => ({ method, path, access })

/** All routes of the media server. */
export const routes = [
  route('GET', '/api/server', 'public'),
  route('GET', '/api/openapi.json', 'public'),
  route('GET', '/chunks/{id}', 'public'),
  route('GET', '/covers/{id}/{file}', 'public'),
  route('POST', '/api/sessions', 'device'),
  route('POST', '/api/claims', 'device'),
  route('GET', '/api/devices', 'device'),
  route('DELETE', '/api/devices/{id}', 'device'),
  // Sealed messages of devices that are being paired; a new device has no account yet.
  route('POST', '/api/pairings', 'public'),
  route('GET', '/api/pairings/{id}', 'public'),
  route('POST', '/api/pairing-answers', 'public'),
  route('POST', '/api/relay-passes', 'device'),
  route('POST', '/api/licenses', 'device'),
  route('POST', '/api/hls-links', 'device'),
  route('GET', '/api/releases', 'device'),
  route('GET', '/api/releases/{id}', 'device'),
  route('GET', '/api/artists', 'device'),
  route('GET', '/api/artists/{id}', 'device'),
  route('GET', '/api/tracks', 'device'),
  route('GET', '/api/tracks/{id}', 'device'),
  route('GET', '/api/recordings/{id}/manifest', 'device'),
  route('GET', '/api/search', 'device'),
  route('GET', '/api/search/suggestions', 'device'),
  route('GET', '/api/search/snapshot', 'device'),
  route('GET', '/api/search/changes', 'device'),
  route('POST', '/api/plays', 'device'),
  route('GET', '/api/changes', 'device'),
  route('GET', '/api/ingest', 'device'),
  route('GET', '/api/ingest/events', 'device'),
  route('POST', '/api/ingest/scans', 'device'),
  route('POST', '/api/ingest/withdrawals', 'device'),
  route('POST', '/uploads', 'device'),
  route('HEAD', '/uploads/{id}', 'device'),
  route('PATCH', '/uploads/{id}', 'device'),
  route('DELETE', '/uploads/{id}', 'device'),
  route('GET', '/hls/{capability}/{file}', 'capability'),
  // The WebSocket of the relay beside this server.
  route('GET', '/sync', 'public'),
  route('GET', '/livez', 'operator'),
  route('GET', '/readyz', 'operator'),
  route('GET', '/metrics', 'operator'),
] as const satisfies readonly Route[]
