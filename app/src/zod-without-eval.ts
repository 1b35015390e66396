import { z } from 'zod'

// Imported before every other module, and in one chunk with zod (harness/zod-chunk.ts): with its first object schema zod would try whether `new Function` is allowed.
// The content security policy forbids it, and each try is reported as a violation.
z.config({ jitless: true })
