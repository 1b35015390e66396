import '../zod-without-eval.ts'
import { createRoot } from 'react-dom/client'
import { ImportDialog } from './playlist-files/import-dialog.tsx'
import { ServicesProvider } from './state/services-context.tsx'
import { createUiState, UiStateProvider } from './state/ui-state.tsx'
import { settingsSchema } from '../engine/settings/settings.ts'
import { App } from './app.tsx'
import { createFakeServices, situations } from './testkit/fake-services.testkit.ts'

// Every screen over fake services: /stories.html?state=administrator&theme=light#/library/tracks. Never part of the production build.

const query = new URLSearchParams(location.search)
const situation = situations.find((name) => name === query.get('state')) ?? 'ready'
const services = createFakeServices(situation, {
  settings: settingsSchema.parse(query.has('theme') ? { theme: query.get('theme') } : {}),
  releaseCount: Number(query.get('releases') ?? 1_700),
})
// One promise for all renders: React's use() needs the same one each time.
const starting = Promise.resolve(services)
Object.assign(globalThis, { services })
history.replaceState(undefined, '', query.get('path') ?? '/')
const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App starting={starting} version="0.1.0" />)

// The dialog alone: `dialog=import`. What it imports is at `globalThis.imported`.
if (query.get('dialog') === 'import')
  createRoot(document.body.appendChild(document.createElement('div'))).render(
    <ServicesProvider services={services}>
      <UiStateProvider state={createUiState({ preload: () => undefined, version: '0.1.0' })}>
        <ImportDialog
          playlistImport={services.playlistImport}
          onImport={(imported) => Object.assign(globalThis, { imported })}
          onClose={() => undefined}
        />
      </UiStateProvider>
    </ServicesProvider>,
  )
