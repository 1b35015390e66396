import type { ResourceLimits } from 'node:worker_threads'

/**
 * Limits of every long-lived thread. The young generation holds three semi-spaces; by default V8 lets each grow to 32 MB or more while requests make
 * short-lived objects, and never gives it back. The main thread has the same limit by the flag `--max-semi-space-size=8` of the command that starts it.
 */
export const threadLimits: ResourceLimits = { maxYoungGenerationSizeMb: 24 }
