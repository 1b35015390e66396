/** [ST13] Why a slot cannot be had. How each is retried and shown: engine/failures/failure-table.ts. */
export type StreamProblem =
  | 'chunk-gone' // the server has no such chunk any more: another play may choose another
  | 'chunk-damaged' // wrong hash twice
  | 'offline' // this device has no network, and the chunk is not cached
  | 'unreachable' // the server does not answer
  | 'key-missing' // no license came
  | 'license-expired'
  | 'play-unknown' // the URL belongs to no play
  | 'head-invalid' // the manifest head is not signed by the server

/** Ends a stream. The message is for logs; code decides by `code`. */
export class StreamFailure extends Error {
  override readonly name = 'StreamFailure'
  readonly code: StreamProblem
  constructor(code: StreamProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
