import { aacRenditions } from '@tonestead/protocol/rendition'
import { z } from 'zod'
import type { Readable } from '../readable.ts'

export const settingsSchema = z.object({
  /** `auto` adapts to the network; a rendition is fixed; `lossless` plays FLAC where there is one. */
  quality: z.enum(['auto', ...aacRenditions, 'lossless']).default('auto'),
  /** `track` in mixed queues, `album` when a release plays in order, `automatic` decides by the context. */
  loudness: z.enum(['automatic', 'track', 'album', 'off']).default('automatic'),
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  /** Whether single keys (K, J, M, S, …) are shortcuts. They can be switched off (WCAG 2.1.4). */
  hasShortcuts: z.boolean().default(true),
  /** Whether plays are reported to the server: it learns which track was played, not by whom. */
  isPlayCountShared: z.boolean().default(true),
  /** Whether plays are kept in the history of the person, which no server can read. */
  keepsHistory: z.boolean().default(true),
})
export type Settings = z.infer<typeof settingsSchema>

/** The settings. They survive reloads. */
export type SettingsStore = { readonly view: Readable<Settings>; change(change: Partial<Settings>): void }
