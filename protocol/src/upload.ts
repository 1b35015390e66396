import { z } from 'zod'

// Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload) at /uploads: limits of both sides.

/** Path of the tus endpoint. */
export const uploadPath = '/uploads'

/** Largest file, in bytes. */
export const maxUploadBytes = 2 * 1024 ** 3
/** Largest body of one PATCH, in bytes. */
export const maxUploadPartBytes = 16 * 1024 * 1024
/** Most unfinished uploads of one account. */
export const maxOpenUploads = 32
/** An upload that is not complete so long after its creation is deleted, in milliseconds. */
export const uploadLifetimeMs = 86_400_000
/** Longest file name, in UTF-16 units. It may have folders before it: "Artist/Album/01 Title.flac". */
export const maxUploadNameLength = 1024

/**
 * The header Upload-Metadata of POST /uploads, decoded. `public`: everyone who opens the server may listen; it needs the right `publish`.
 * Without it only accounts with the right `listen` may.
 */
export const uploadMetadataSchema = z.object({ filename: z.string(), public: z.literal('1').optional() })
/** Parsed `uploadMetadataSchema`. */
export type UploadMetadata = z.infer<typeof uploadMetadataSchema>
