// Limits of the sync formats. A format's limits belong to its version: a reader refuses what is beyond them.

/** Largest sealed body of an envelope, and of one part of a snapshot, in bytes. */
export const maxBodyBytes = 256 * 1024
/** Bytes that AES-GCM adds to a plaintext: its tag. */
export const gcmTagBytes = 16
/** Most pending envelopes of other feeds that one envelope names as dependencies. */
export const maxDeps = 256
/** Most Automerge changes in one envelope. */
export const maxChangesPerEnvelope = 1_024
/** Largest header of an envelope in bytes: fixed fields, dependencies and hashes. */
export const maxEnvelopeHeaderBytes = 32 * 1024
/** Largest membership item in bytes, sealed keys included. */
export const maxMembershipItemBytes = 256 * 1024
/** Most sealed keys in a membership item: one for each member, the recovery key, and the account's own agreement key. */
export const maxBoxes = 514
/** Largest sealed key in bytes. */
export const maxSealedKeyBytes = 512
/** Most addresses of a relay. */
export const maxRelayAddresses = 8
/** Longest address of a relay in UTF-16 units. */
export const maxRelayAddressLength = 256
/** Most items in the proof of an account. */
export const maxProofItems = 1_024
/** Most members and open invitations of a collection together; of a personal collection: most devices. */
export const maxMembers = 512
/** Most parts of a snapshot: 64 MiB. */
export const maxSnapshotParts = 256
/** Most void envelopes that a snapshot names. */
export const maxVoids = 4_096
/** Most bytes of the content of a snapshot, before it is compressed. */
export const maxSnapshotContentBytes = 128 * 1024 * 1024
/** Bytes of the header of a confirmation. */
export const confirmationHeaderBytes = 129
/** Largest header of a snapshot in bytes: fixed fields, voids and parts. */
export const maxSnapshotHeaderBytes = 256 * 1024
/** Largest frame on a connection in bytes. */
export const maxFrameBytes = 1024 * 1024
/** Largest ephemeral message in bytes, sealed. */
export const maxEphemeralBytes = 16 * 1024
/** Largest message in it in bytes: without header, initialization vector, tag, signature, and what tells it from a repeated one. */
export const maxLiveMessageBytes = maxEphemeralBytes - 129 - 12 - gcmTagBytes - 64 - 13
/** Most items in one `items` frame. */
export const maxItemsPerFrame = 512
