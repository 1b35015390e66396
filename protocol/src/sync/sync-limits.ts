// Limits of the sync formats. A format's limits belong to its version: a reader refuses what is beyond them.

/** Largest sealed body of an envelope, and of one part of a snapshot, in bytes. */
export const maxBodyBytes = 256 * 1024
/** Most pending envelopes of other feeds that one envelope names as dependencies. */
export const maxDeps = 256
/** Most Automerge changes in one envelope. */
export const maxChangesPerEnvelope = 1_024
/** Largest header of an envelope in bytes: fixed fields, dependencies and hashes. */
export const maxEnvelopeHeaderBytes = 64 * 1024
/** Largest membership item in bytes, sealed keys included. */
export const maxMembershipItemBytes = 256 * 1024
/** Most members and open invitations of a collection together; of a personal collection: most devices. */
export const maxMembers = 512
/** Most parts of a snapshot: 64 MiB. */
export const maxSnapshotParts = 256
/** Largest frame on a connection in bytes. */
export const maxFrameBytes = 1024 * 1024
/** Largest ephemeral message in bytes, sealed. */
export const maxEphemeralBytes = 16 * 1024
/** Most items in one `items` frame. */
export const maxItemsPerFrame = 512
