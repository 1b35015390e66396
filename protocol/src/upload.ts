// Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload) at /uploads: what both sides keep to.

export const uploadPath = '/uploads'

/** One file. */
export const maxUploadBytes = 2 * 1024 ** 3
/** The body of one request. */
export const maxUploadPartBytes = 16 * 1024 * 1024
/** Unfinished uploads of one account. */
export const maxOpenUploads = 32
/** From its creation; what is not whole by then is thrown away. */
export const uploadLifetimeMs = 86_400_000
/** Of the file's name, which may have folders before it: "Artist/Album/01 Title.flac". */
export const maxUploadNameLength = 1024
