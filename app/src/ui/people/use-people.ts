import { useEffect, useState } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { Membership } from '../../engine/people/people-messages.ts'
import type { People } from '../../engine/people/people.ts'
import type { Readable } from '../../engine/readable.ts'
import { useReadable, useServices } from '../state/services-context.tsx'

/** The people of shared playlists; undefined until their code is loaded. */
export const usePeople = (): People | undefined => {
  const services = useServices()
  const [people, setPeople] = useState<People>()
  useEffect(() => {
    services.people().then(setPeople, services.log.child('ui').failed('the code of shared playlists was not loaded'))
  }, [services])
  return people
}

const nothing: Readable<undefined> = { get: () => undefined, subscribe: () => () => undefined }

export type SharedWith = {
  readonly people: People | undefined
  /** Undefined for a playlist that is not shared, or while that is not known. */
  readonly collection: string | undefined
  readonly membership: Membership | undefined
}

/** With whom a playlist is shared. */
export const useSharedWith = (playlist: EntryId): SharedWith => {
  const people = usePeople()
  const collection = useReadable<string | undefined>(people?.collectionOf(playlist) ?? nothing)
  const membership = useReadable<Membership | undefined>(
    people === undefined || collection === undefined ? nothing : people.membership(collection),
  )
  return { people, collection, membership }
}
