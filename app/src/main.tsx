import './zod-without-eval.ts'
import { createRoot } from 'react-dom/client'
import { version } from '../package.json' with { type: 'json' }
import { createServices } from './create-services.ts'
import { App } from './ui/app.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
const starting = createServices(version)
createRoot(root).render(<App starting={starting} version={version} />)
