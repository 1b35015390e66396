// Every number by which the app retries by itself.

/** A request that was answered by `not-ready` is sent again after this delay (its `Retry-After` says 2 s), up to this many times. */
export const notReadyRetries = { delayMs: 2_000, most: 5 }

/** While the server does not answer, it is requested this often. */
export const reconnectEveryMs = 5_000

/** Delays before a failed stream is opened again. The last failure is shown to the person. */
export const streamRetryDelaysMs: readonly number[] = [300, 1_000, 3_000, 6_000]

/** [ST14] Delays before a slot in the middle of a stream is fetched again while the server is away. */
export const slotRetryDelaysMs: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000]

/** Delays before the import events are connected again. The last one repeats. */
export const eventRetryDelaysMs: readonly [number, ...number[]] = [1_000, 2_000, 5_000, 15_000]

/** Delays before a part of an upload is sent again. Then the upload waits until the server answers. */
export const uploadRetryDelaysMs: readonly number[] = [0, 1_000, 3_000]

/** [DO8] Longest delays before the relay is connected again; the real one is between half of it and all of it. The last one repeats. */
export const relayRetryDelaysMs: readonly number[] = [1_000, 1_000, 2_000, 5_000, 15_000, 60_000]

/** Delays before the worker of the documents is started again after it has broken. The last one repeats. */
export const workerRestartDelaysMs: readonly number[] = [1_000, 5_000, 30_000, 120_000]

/** The code of the documents is loaded again after this delay when it could not be fetched. */
export const documentsReloadMs = 5_000
