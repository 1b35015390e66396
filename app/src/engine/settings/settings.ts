import { aacRenditions } from '@tonestead/protocol/rendition'
import { z } from 'zod'
import type { Readable } from '../readable.ts'

export const settingsSchema = z.object({
  /** `auto` adapts to the network; a rendition fixes it; `lossless` plays FLAC where there is one. */
  quality: z.enum(['auto', ...aacRenditions, 'lossless']).default('auto'),
  /** `track` in mixed queues, `album` when a release plays in order, `automatic` decides by the context. */
  loudness: z.enum(['automatic', 'track', 'album', 'off']).default('automatic'),
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  /** Whether single keys (K, J, M, S, …) are commands; they can be switched off for those whom they disturb (WCAG 2.1.4). */
  hasShortcuts: z.boolean().default(true),
  /** Count my plays on this server: it learns that some track was listened to, and not by whom. */
  isPlayCountShared: z.boolean().default(true),
})
export type Settings = z.infer<typeof settingsSchema>

/** Settings of this device, kept over reloads. */
export type SettingsStore = { readonly view: Readable<Settings>; change(change: Partial<Settings>): void }
