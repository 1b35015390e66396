import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Without this file Vitest would use vite.config.ts, whose root is `app`.
const node = { environment: 'node', testTimeout: 60_000, hookTimeout: 120_000 } as const
const journeys = { ...node, testTimeout: 180_000, hookTimeout: 300_000 } as const

const folders = '{crdt,protocol,search-index,media-server,app,sync-server,commands,bench,harness,campaigns}'
const integration = `${folders}/**/*.integration.test.ts`
const built = ['**/node_modules/**', '**/dist/**']

/** They record what the page plays. Beside another busy test the recording would have gaps, so they run one file at a time. */
const listening = ['e2e/play.spec.ts', 'e2e/without-worker.spec.ts', 'e2e/firefox.spec.ts', 'e2e/hls.spec.ts']

/** Vitest's default is one less than there are cores: on two cores, one file at a time. */
const maxWorkers = 2

// One group after the other.
export default defineConfig({
  test: {
    // Of tests in one file that run side by side (ui.spec.ts): as many as the smallest machine has cores.
    maxConcurrency: 2,
    projects: [
      {
        test: {
          ...node,
          name: 'unit',
          include: [`${folders}/**/*.test.{ts,tsx}`],
          exclude: [...built, integration],
          maxWorkers: Math.max(maxWorkers, availableParallelism() - 1),
          sequence: { groupOrder: 1 },
        },
      },
      // Real programs: transcoders, server processes, threads, recordings.
      {
        test: {
          ...node,
          name: 'integration',
          include: [integration],
          exclude: built,
          maxWorkers,
          sequence: { groupOrder: 2 },
        },
      },
      // Real servers and real browsers.
      {
        test: {
          ...journeys,
          name: 'journeys',
          include: ['e2e/**/*.spec.ts'],
          exclude: listening,
          maxWorkers,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...journeys,
          name: 'journeys-serial',
          include: listening,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
