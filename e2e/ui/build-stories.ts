import react from '@vitejs/plugin-react'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { zodChunk } from '../../harness/zod-chunk.ts'

const repository = join(import.meta.dirname, '../..')

/** Builds app/stories.html (every screen over fake services) into a temporary folder. It is no part of the production build. */
export const buildStories = async (): Promise<string> => {
  const outDir = await mkdtemp(join(tmpdir(), 'tonestead-stories-'))
  await build({
    configFile: false,
    root: join(repository, 'app'),
    publicDir: join(repository, 'public'),
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 5000,
      rolldownOptions: { input: join(repository, 'app/stories.html'), output: zodChunk },
    },
  })
  return outDir
}
