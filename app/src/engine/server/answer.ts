/** Every answer from the server: a value, or why there is none. */
export type Answer<T> =
  | { readonly kind: 'ready'; readonly value: T }
  | { readonly kind: 'offline' }
  | { readonly kind: 'problem'; readonly code: string; readonly title: string; readonly detail?: string | undefined }
