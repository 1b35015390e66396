import { problemSchema } from '@tonestead/protocol/problem'
import { uploadPath, type UploadMetadata } from '@tonestead/protocol/upload'
import type { DetailedError, HttpRequest, Upload, UploadOptions } from 'tus-js-client'
import type { Log } from '../../ports/log.ts'
import type { FileToSend, Uploader, UploadOutcome } from '../../ports/uploader.ts'

type Signed =
  | { readonly kind: 'ready'; readonly value: Readonly<Record<string, string>> }
  | { readonly kind: 'offline' }
  | { readonly kind: 'problem'; readonly code: string; readonly title: string; readonly detail?: string | undefined }

/** The signed client, as far as it is needed here. */
type Signer = {
  sign(request: { readonly method: string; readonly path: string; readonly signal: AbortSignal }): Promise<Signed>
  connect(signal: AbortSignal): Promise<unknown>
}

/** Small enough to arrive within the server's 30 seconds for a request at 600 kbit/s. A request that breaks is resumed where it was. */
const partBytes = 2 * 1024 * 1024
const signLimitMs = 30_000

type Deps = { readonly signer: Signer; readonly retryDelaysMs: readonly number[]; readonly log: Log }

/** Uploads by tus. The library is loaded with the first file. */
export const createTusUploader = ({ signer, retryDelaysMs, log }: Deps): Uploader => ({
  send: async (file, { progress, signal }) => {
    const tus = await import('tus-js-client').catch(log.failed('the upload library was not loaded'))
    if (tus === undefined) return { kind: 'offline' }
    return new Promise((resolve) => {
      const signing = createSigning(signer, signal)
      const upload = new tus.Upload(file.content, {
        ...optionsOf(file, { retryDelaysMs, onBeforeRequest: signing.sign }),
        onProgress: progress,
        onShouldRetry: signing.shouldRetry,
        onSuccess: () => resolve({ kind: 'received' }),
        onError: (error) => resolve(signing.refusal() ?? outcomeOf(error)),
      })
      const stop = (): void =>
        void upload
          .abort()
          .catch(log.failed('an upload was not stopped'))
          .then(() => resolve({ kind: 'offline' }))
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      else void resume(upload, log)
    })
  },
  discard: async (file) => {
    const tus = await import('tus-js-client')
    const signing = createSigning(signer, AbortSignal.timeout(signLimitMs))
    const options = optionsOf(file, { retryDelaysMs, onBeforeRequest: signing.sign })
    for (const { uploadUrl, urlStorageKey } of await new tus.Upload(file.content, options).findPreviousUploads()) {
      if (uploadUrl !== null) await tus.Upload.terminate(uploadUrl, options)
      await tus.defaultOptions.urlStorage.removeUpload(urlStorageKey)
    }
  },
})

const optionsOf = (
  file: FileToSend,
  {
    retryDelaysMs,
    onBeforeRequest,
  }: { retryDelaysMs: readonly number[]; onBeforeRequest: (request: HttpRequest) => Promise<void> },
): UploadOptions => ({
  endpoint: uploadPath,
  metadata: { filename: file.name, ...(file.isPublic ? { public: '1' } : {}) } satisfies UploadMetadata,
  chunkSize: partBytes,
  retryDelays: [...retryDelaysMs],
  removeFingerprintOnSuccess: true,
  // The fingerprint of the library leaves out the folder. An upload keeps what was chosen for it, so another choice is another upload.
  fingerprint: ({ size, lastModified }) =>
    Promise.resolve(`tonestead-upload${file.isPublic ? ' public' : ''} ${size} ${lastModified} ${file.name}`),
  onBeforeRequest,
})

/** The same file, chosen again after a reload or a crash, is resumed. */
const resume = async (upload: Upload, log: Log): Promise<void> => {
  const [previous] = (await upload.findPreviousUploads().catch(log.failed('earlier uploads were not found'))) ?? []
  if (previous !== undefined) upload.resumeFromPreviousUpload(previous)
  upload.start()
}

/** Signs each request. A token that the server refused is renewed before the retry. */
const createSigning = (signer: Signer, signal: AbortSignal) => {
  let isRenewalDue = false
  let refusal: UploadOutcome | undefined
  return {
    refusal: () => refusal,
    sign: async (request: HttpRequest): Promise<void> => {
      if (isRenewalDue) await signer.connect(AbortSignal.timeout(signLimitMs))
      isRenewalDue = false
      const path = new URL(request.getURL(), location.href).pathname
      const signed = await signer.sign({
        method: request.getMethod(),
        path,
        signal: AbortSignal.any([signal, AbortSignal.timeout(signLimitMs)]),
      })
      if (signed.kind !== 'ready') {
        if (signed.kind !== 'offline') refusal = { ...signed, kind: 'refused' }
        throw new Error('the request could not be signed')
      }
      for (const [name, value] of Object.entries(signed.value)) request.setHeader(name, value)
    },
    shouldRetry: (error: DetailedError): boolean => {
      if (refusal !== undefined) return false
      const status = error.originalResponse?.getStatus() ?? 0
      isRenewalDue = status === 401
      return status < 400 || status >= 500 ? status !== 507 : [401, 409, 423].includes(status)
    },
  }
}

const outcomeOf = (error: Error | DetailedError): UploadOutcome => {
  const response = 'originalResponse' in error ? error.originalResponse : undefined
  if (response === undefined || response === null || [0, 502, 503, 504].includes(response.getStatus()))
    return { kind: 'offline' }
  const { data } = problemSchema.safeParse(parseJson(response.getBody()))
  return {
    kind: 'refused',
    code: data?.code ?? 'internal',
    title: data?.title ?? `The server answered ${response.getStatus()}`,
    detail: data?.detail,
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Expected: a proxy answers with HTML.
    return undefined
  }
}
