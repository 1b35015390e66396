import { maxUploadNameLength } from '@tonestead/protocol/upload'
import { cleanText } from '../ingest/clean-text.ts'

const maxFolders = 8
const maxPartLength = 200

/** The client's file name without unsafe parts, for people and for names derived from folders. Undefined when nothing is left. */
export const uploadName = (filename: string | null | undefined): string | undefined => {
  if (filename === null || filename === undefined || filename.length > maxUploadNameLength) return undefined
  const parts = filename.split(/[/\\]/).flatMap((part) => cleanText(part, maxPartLength) ?? [])
  return (
    parts
      .filter((part) => part !== '.' && part !== '..')
      .slice(-maxFolders)
      .join('/') || undefined
  )
}
