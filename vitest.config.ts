import { defineConfig } from 'vitest/config'

// Vitest would inherit vite.config.ts (root `app`) without a file of its own.
const node = { environment: 'node', testTimeout: 60_000, hookTimeout: 120_000 } as const

export default defineConfig({
  test: {
    // Of tests that ask to run side by side (face.spec.ts): as many as the smallest machine has cores.
    maxConcurrency: 2,
    projects: [
      {
        test: {
          ...node,
          name: 'unit',
          include: ['{crdt,protocol,search-index,media-server,app,commands,bench}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**'],
        },
      },
      // Real servers and one real browser: one file at a time.
      {
        test: {
          ...node,
          name: 'journeys',
          include: ['e2e/**/*.spec.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
