import { z } from 'zod'

// Imported before every other module: on making its first object schema Zod would try `new Function` to see whether it may.
// The page's policy forbids that, and each try is reported as a violation.
z.config({ jitless: true })
