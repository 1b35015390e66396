import { ProblemError } from '@tonestead/protocol/problem'
import { uploadMetadataSchema, type UploadMetadata } from '@tonestead/protocol/upload'
import { uploadName } from './upload-name.ts'

/** What a client says of its upload, with a safe name. Throws a ProblemError `invalid-request`. */
export const readUploadMetadata = (metadata: Readonly<Record<string, string | null>> | undefined): UploadMetadata => {
  const parsed = uploadMetadataSchema.safeParse({ ...metadata, filename: uploadName(metadata?.['filename']) })
  if (parsed.success) return parsed.data
  const isNameWrong = parsed.error.issues.some(({ path }) => path[0] === 'filename')
  throw new ProblemError(
    'invalid-request',
    isNameWrong
      ? 'Upload-Metadata: filename is missing, empty or too long.'
      : 'Upload-Metadata: public must be "1", or absent.',
  )
}
