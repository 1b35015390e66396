import { z } from 'zod'

/** Every problem that a server answers with: HTTP status and a title for people, by code. Clients decide by the code. */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'proof-required': { status: 401, title: 'This needs a signed request from a known device' },
  'proof-invalid': { status: 401, title: 'The signature of the request does not hold' },
  'proof-replayed': { status: 401, title: 'This signed request was used before' },
  'clock-skewed': { status: 401, title: 'The clock of this device is too far from the server’s' },
  'token-expired': { status: 401, title: 'The access token has expired' },
  'not-permitted': { status: 403, title: 'This account may not do that here' },
  'claim-invalid': { status: 403, title: 'This claim code is not valid any more' },
  'origin-refused': { status: 403, title: 'Requests from this origin are not accepted' },
  'capability-invalid': { status: 403, title: 'This link is not valid any more' },
  'device-removed': { status: 403, title: 'This device was removed from its account' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'chunk-not-found': { status: 404, title: 'No such chunk' },
  'cover-not-found': { status: 404, title: 'No such cover, or not in this size' },
  'recording-not-found': { status: 404, title: 'No such recording' },
  'release-not-found': { status: 404, title: 'No such release' },
  'artist-not-found': { status: 404, title: 'No such artist' },
  'track-not-found': { status: 404, title: 'No such track' },
  'pairing-not-found': { status: 404, title: 'This code is not known here, or has expired' },
  'upload-not-found': { status: 404, title: 'No such upload, or it has expired' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'catalog-too-large': { status: 409, title: 'The catalog is too large to keep on a device' },
  'recording-too-long': { status: 409, title: 'The recording is too long for other players' },
  'device-limit-reached': { status: 409, title: 'This account has reached its number of devices' },
  'already-claimed': { status: 409, title: 'This server has an administrator already' },
  'pairing-taken': { status: 409, title: 'Another device has used this code' },
  'upload-offset-wrong': { status: 409, title: 'The upload stands at another byte' },
  'tus-version-unsupported': { status: 412, title: 'This server takes uploads by tus 1.0.0' },
  'upload-locked': { status: 423, title: 'Another request is sending bytes of this upload' },
  'url-too-long': { status: 414, title: 'The address is too long' },
  'headers-too-large': { status: 431, title: 'The headers of the request are too large' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'media-type-unsupported': { status: 415, title: 'This media type is not accepted here' },
  'range-not-satisfiable': { status: 416, title: 'The range lies outside the file' },
  'too-many-uploads': { status: 429, title: 'This account has too many unfinished uploads' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'The server failed' },
  'not-ready': { status: 503, title: 'The server is not ready' },
  'chunk-damaged': { status: 503, title: 'This chunk is damaged on the server, which makes it again if it can' },
  'storage-full': { status: 507, title: 'The server has no room left' },
} as const satisfies Record<string, { status: number; title: string }>

/** A key of `problems`. */
export type ProblemCode = keyof typeof problems

/** All keys of `problems`, as a non-empty tuple for `z.enum`. */
export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]

/** Body of every error answer, `application/problem+json` (RFC 9457). `type` is `/problems/<code>`; `code` repeats its last part. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  instance: z.string().optional(),
})
/** Parsed `problemSchema`; `code` is any text, because a newer server may know more codes. */
export type Problem = z.infer<typeof problemSchema>

/** An error that the HTTP layer answers with as a problem. `detail` is sent to the client: no secret, no stack. Check `code`, not the class. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  constructor(code: ProblemCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? problems[code].title, options)
    this.code = code
  }
}

/** The body of an error answer for a code. */
export const problemOf = (code: ProblemCode, detail?: string): Problem => ({
  type: `/problems/${code}`,
  ...problems[code],
  code,
  ...(detail === undefined ? {} : { detail }),
})
