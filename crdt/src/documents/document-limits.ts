// Limits of texts and counts in documents. Texts are counted in UTF-16 units, as JavaScript does.
// They belong to the version of a document's schema: a larger limit is a new version.

/** Title of a playlist, name of a folder or device. */
export const maxTitleUnits = 300
/** Description of a playlist. */
export const maxDescriptionUnits = 4_000
/** A title of a track or release in a reference. */
export const maxReferenceTitleUnits = 300
/** A credited name in a reference. */
export const maxCreditUnits = 200
/** The text between two credited names. */
export const maxJoinUnits = 40
/** Credited names in a reference. */
export const maxCredits = 20
/** All credits of a reference, as JSON. */
export const maxCreditsUnits = 2_000
/** A packed value: a reference with what belongs to it. */
export const maxPackedUnits = 8_000
/** The value of a setting as JSON. */
export const maxSettingUnits = 1_000

/** Entries of a playlist. */
export const maxPlaylistEntries = 10_000
/** Slots in the list of a document, dead ones included. */
export const maxSlots = 40_000
/** Entries of the queue: as many as a reload restores. */
export const maxQueueEntries = 1_000
/** Playlists and folders in a root document. */
export const maxRootItems = 5_000
/** Devices named in a root document, and tokens in a playback document. */
export const maxDevices = 1_024
/** Saved things in one shard of the library; [LB2] begins new shards at a lower number. */
export const maxLibraryEntries = 60_000
/** Plays in a document of one device and month. */
export const maxPlays = 50_000
/** Months of history in a root document. */
export const maxHistoryMonths = 4_096
/** Settings of an account. */
export const maxSettings = 200

/** Entries, ids or slots that one intent names. */
export const maxIntentEntries = 1_000
/**
 * Texts that one intent brings into a document, in bytes of UTF-8, with `entryCostBytes` for each entry. The sealed change must fit an envelope of
 * 256 KiB; a test measures the largest changes.
 */
export const maxIntentBytes = 192 * 1024
/** What an entry adds to a change beside its packed value: slot id twice, entry id, numbers of the operations. */
export const entryCostBytes = 170
