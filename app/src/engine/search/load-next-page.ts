import type { DocumentKind } from '@tonestead/search-index/document'
import type { Log } from '../../ports/log.ts'
import type { SignedClient } from '../server/signed-client.ts'
import type { DeviceIndex } from './device-index.ts'
import type { OwnSource } from './own/own-source.ts'
import { searchDevice } from './search-device.ts'
import type { HitPage, Source } from './search-machine.ts'
import { requestSearch } from './search-requests.ts'
import type { SearchQuery } from './search.ts'

type NextPageDeps = {
  readonly device: DeviceIndex
  readonly own: OwnSource
  readonly client: SignedClient
  readonly log: Log
}

type NextPage = {
  readonly source: Source
  /** An offset in the device's result, or a cursor of the server's. */
  readonly page: string
  readonly query: SearchQuery
  readonly kind: DocumentKind
  readonly signal: AbortSignal
}

/** The next hits of one kind from one source; undefined when they were not loaded. */
export const loadNextPage = (deps: NextPageDeps, next: NextPage): Promise<HitPage | undefined> =>
  next.source === 'server' ? fromServer(deps, next) : fromDevice(deps, { ...next, source: next.source })

const fromDevice = async (
  { device, own, log }: NextPageDeps,
  { source, page, query, kind, signal }: NextPage & { readonly source: 'device' | 'own' },
): Promise<HitPage | undefined> => {
  const offset = Number(page)
  const wanted = { query: { ...query, kind }, offset, signal }
  const found = await (source === 'own' ? own.search(wanted) : searchDevice(device, wanted)).catch(
    log.failed('the next page of the device was not loaded', { offset }),
  )
  return found && { source, hits: found.result.groups[kind].hits, next: found.next[kind] }
}

const fromServer = async (
  { client, log }: NextPageDeps,
  { page, query, kind, signal }: NextPage,
): Promise<HitPage | undefined> => {
  const answer = await requestSearch(client, { query, page, signal }).catch(
    log.failed('the next page of the server was not loaded'),
  )
  if (answer?.kind !== 'ready') return undefined
  const { result, next } = answer.value
  return { source: 'server', hits: result.groups[kind].hits, next: next[kind] }
}
