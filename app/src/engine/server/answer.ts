/** The answer of the server to a request: a value, or why there is none. */
export type Answer<T> =
  | { readonly kind: 'ready'; readonly value: T }
  /** The server could not be reached, or a proxy answered in its place. */
  | { readonly kind: 'offline' }
  /** `code`: of protocol/src/problem.ts. A server that stays `not-ready` is there: the signed client has retried already. */
  | { readonly kind: 'problem'; readonly code: string; readonly title: string; readonly detail?: string | undefined }

/** The server said neither yes nor no: it is away or not ready. An older answer may be used. */
export const isUnanswered = (answer: Answer<unknown>): boolean =>
  answer.kind === 'offline' || (answer.kind === 'problem' && answer.code === 'not-ready')
