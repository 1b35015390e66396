import { ProblemError } from '@tonestead/protocol/problem'
import { uploadPath } from '@tonestead/protocol/upload'

/** Spellings by which one path could be read as another: empty and dot segments, backslashes, encoded slashes and zero bytes, fragments. */
const ambiguous = /\/\/|\\|#|%(?:2f|5c|00)|\/(?:\.|%2e){1,2}(?:\/|$)/i
const exactUploadPath = new RegExp(`^${uploadPath}(?:/[0-9a-f]{32})?$`)

/**
 * Checks the target of a request as it arrived, before any router reads it, so that every part of the server reads the same path.
 * Throws a ProblemError `invalid-request`. An address of an upload must be exactly the one that the server gave, without a query.
 */
export const checkRequestTarget = (target: string): void => {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  if (!path.startsWith('/') || ambiguous.test(path))
    throw new ProblemError(
      'invalid-request',
      'The path has dot segments, empty segments, backslashes or encoded slashes.',
    )
  const isUpload = decodedPath(path).split('/')[1] === uploadPath.slice(1)
  if (isUpload && !exactUploadPath.test(target))
    throw new ProblemError('invalid-request', `The address of an upload is ${uploadPath} or ${uploadPath}/ and its id.`)
}

const decodedPath = (path: string): string => {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch (error) {
    throw new ProblemError('invalid-request', 'The path has an invalid percent sign.', { cause: error })
  }
}

/** Two Host headers could be read differently by a proxy and by this server. `rawHeaders` has names and values in turn. */
export const checkSingleHost = (rawHeaders: readonly string[]): void => {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === 4 && rawHeaders[index]?.toLowerCase() === 'host') count += 1
  if (count > 1) throw new ProblemError('invalid-request', 'The request has more than one Host header.')
}
