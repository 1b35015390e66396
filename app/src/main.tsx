import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { createServices } from './create-services.ts'
import { App } from './ui/app.tsx'

// Zod would try `new Function` to see whether it may; the policy of the page forbids it, and each try is reported.
z.config({ jitless: true })

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
const starting = createServices()
createRoot(root).render(<App starting={starting} />)
