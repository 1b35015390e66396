import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { zodChunk } from './harness/zod-chunk.ts'
import { zodWithoutJsonSchema } from './harness/zod-without-json-schema.ts'

export default defineConfig({
  root: 'app',
  publicDir: '../public',
  build: {
    outDir: '../dist/app',
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: zodChunk },
  },
  // The workers of search and documents are started as modules.
  worker: { format: 'es', plugins: () => [zodWithoutJsonSchema()] },
  plugins: [
    react(),
    zodWithoutJsonSchema(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      injectRegister: false,
      // The manifest is public/manifest.webmanifest.
      manifest: false,
      injectManifest: {
        buildPlugins: { vite: [zodWithoutJsonSchema()] },
        globPatterns: ['**/*.{html,js,css,woff2,svg,png,webmanifest,wasm}'],
        maximumFileSizeToCacheInBytes: 4_000_000,
      },
    }),
  ],
})
