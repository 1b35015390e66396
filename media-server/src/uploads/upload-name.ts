import { maxUploadNameLength } from '@tonestead/protocol/upload'
import { cleanText } from '../ingest/clean-text.ts'

const maxFolders = 8
const maxPartLength = 200

/** What the client calls the file, as people and the naming by folders may see it. Undefined when nothing is left of it. */
export const uploadName = (told: string | null | undefined): string | undefined => {
  if (told === null || told === undefined || told.length > maxUploadNameLength) return undefined
  const parts = told.split(/[/\\]/).flatMap((part) => cleanText(part, maxPartLength) ?? [])
  return (
    parts
      .filter((part) => part !== '.' && part !== '..')
      .slice(-maxFolders)
      .join('/') || undefined
  )
}
