import type { ArtistId, ReleaseId, ServerId, TrackId } from '../ids.ts'

/** [LB1] The key of a saved thing: its server and its id there. */
export const savedKey = (serverId: ServerId, id: TrackId | ReleaseId | ArtistId): string => `${serverId}/${id}`
