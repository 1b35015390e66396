import type { DocumentsFault } from '../../engine/documents/documents.ts'
import type { ChangeFailure } from '../../engine/playlists/playlists.ts'

/** Why a change was not made, and what to do. */
export const failureText = (failure: ChangeFailure): string => {
  switch (failure.kind) {
    case 'read-only':
      return 'This playlist cannot be changed here.'
    case 'no-server':
      return 'The server of these songs is not known yet. Connect to it once, then try again.'
    case 'unavailable':
      return unavailableText(failure.reason)
    case 'refused':
      return failure.reason === 'document-full'
        ? 'There is no room for so many: a playlist holds 10,000 songs.'
        : 'That was not saved. Try again.'
  }
}

/** Why this browser has no playlists, and what to do. */
export const unavailableText = (reason: DocumentsFault): string => {
  switch (reason) {
    case 'not-supported':
      return 'This browser does not let Tonestead keep playlists. Use a current browser outside of a private window.'
    case 'storage-failed':
      return 'What is kept on this device could not be read or written. Make room on its disk, then load the page again.'
    case 'not-begun':
      return 'Your account has no playlists before it has reached its server once.'
  }
}
