import type { OpenAPIHono } from '@hono/zod-openapi'
import { ProblemError, type ProblemCode } from '@tonestead/protocol/problem'
import { maxUploadBytes, maxUploadPartBytes, uploadPath } from '@tonestead/protocol/upload'
import { Server, type Upload } from '@tus/server'
import type { Context } from 'hono'
import { createUploadFinisher, isComplete } from '../uploads/finish-upload.ts'
import { checkFreeSpace, createUploadAdmission, type UploadAdmission } from '../uploads/upload-admission.ts'
import { createUploadLocker } from '../uploads/upload-locker.ts'
import { readUploadMetadata } from '../uploads/read-upload-metadata.ts'
import { describeRoute, idParams } from './api-route.ts'
import { requireRight, type DeviceCaller } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

// Resumable uploads by the tus library. Rights, limits and the form of refusals are our own.

type UploadServices = Pick<HttpServices, 'uploads' | 'objects' | 'clock' | 'stopping'> & {
  readonly finish: (id: string) => Promise<void>
}

export const mountUploadRoutes = (app: OpenAPIHono<HttpEnv>, allServices: HttpServices): void => {
  const services = { ...allServices, finish: createUploadFinisher(allServices) }
  const tus = createTus(services)
  const handle = async (c: Context<HttpEnv>): Promise<Response> => {
    const caller = requireRight(c, 'upload')
    checkPartLength(c)
    if (c.req.path !== uploadPath) await checkOwner(services, caller, c)
    return tus(c.req.raw, caller)
  }
  for (const route of described) app.openAPIRegistry.registerPath(route)
  app.post(uploadPath, handle)
  app.on(['PATCH', 'DELETE'], `${uploadPath}/:id`, handle)
  // Hono handles HEAD as GET.
  app.get(`${uploadPath}/:id`, (c) => {
    if (c.req.method !== 'HEAD') throw new ProblemError('method-not-allowed')
    return handle(c)
  })
}

const params = { params: idParams }
const path = `${uploadPath}/{id}`
const described = [
  describeRoute({
    method: 'post',
    path: uploadPath,
    tags: ['uploads'],
    responses: { 201: { description: 'Created; Location is the address for its bytes (tus 1.0)' } },
  }),
  describeRoute({
    method: 'head',
    path,
    tags: ['uploads'],
    request: params,
    responses: { 200: { description: 'How many bytes have arrived' } },
  }),
  describeRoute({
    method: 'patch',
    path,
    tags: ['uploads'],
    request: params,
    responses: { 204: { description: 'Stored; after the last byte the file is durable and waits for ingest' } },
  }),
  describeRoute({
    method: 'delete',
    path,
    tags: ['uploads'],
    request: params,
    responses: { 204: { description: 'Cancelled' } },
  }),
]

const checkPartLength = (c: Context<HttpEnv>): void => {
  if (c.req.header('transfer-encoding') !== undefined)
    throw new ProblemError('invalid-request', 'The header Content-Length is missing.')
  if (Number(c.req.header('content-length') ?? 0) > maxUploadPartBytes)
    throw new ProblemError(
      'body-too-large',
      `At most ${maxUploadPartBytes} bytes in one request; send the file in parts.`,
    )
}

/** An upload of another account is treated like one that does not exist. A complete one is finished first: the response to its last byte may not have been sent. */
const checkOwner = async (services: UploadServices, caller: DeviceCaller, c: Context<HttpEnv>): Promise<void> => {
  const upload = await services.uploads.find(uploadIdIn(c.req.url) ?? '')
  if (upload?.account !== caller.account) throw new ProblemError('upload-not-found')
  if (!isComplete(upload)) {
    // The right may have been taken away since the upload began.
    if (upload.isPublic && c.req.method === 'PATCH') checkMayPublish(caller)
    return
  }
  await services.finish(upload.id)
  if (c.req.method !== 'HEAD') throw new ProblemError('upload-offset-wrong', 'This upload is complete already.')
}

/** The same reading for our own checks and for the library, which would take whatever stands behind the last slash. */
const uploadIdIn = (url: string): string | undefined =>
  new RegExp(`^${uploadPath}/([0-9a-f]{32})$`).exec(new URL(url).pathname)?.[1]

const createTus = (services: UploadServices) => {
  const callers = new WeakMap<object, DeviceCaller>()
  const faults = new WeakMap<object, Error>()
  /** The uploads that a request has reserved a place for. */
  const admitted = new WeakMap<object, string>()
  const admission = createUploadAdmission({
    ...services,
    freeBytes: () => services.objects.freeBytes(services.stopping),
  })
  const lockerFor = createUploadLocker()
  const server = new Server({
    path: uploadPath,
    locker: (request) => lockerFor(request.method === 'PATCH' ? 'refuse' : 'wait'),
    datastore: services.uploads.parts,
    maxSize: maxUploadBytes,
    relativeLocation: true,
    allowedOrigins: [],
    getFileIdFromRequest: (request) => uploadIdIn(request.url),
    onUploadCreate: async (request, upload) => {
      admitted.set(request, upload.id)
      return { metadata: await admit(admission, callers.get(request), upload) }
    },
    onUploadFinish: async (_, upload) => {
      await services.finish(upload.id)
      return {}
    },
    onResponseError: (request, error) => {
      if (error instanceof Error) faults.set(request, error)
      return undefined
    },
  })
  return async (request: Request, caller: DeviceCaller): Promise<Response> => {
    callers.set(request, caller)
    try {
      const response = await server.handleWeb(request)
      const fault = faults.get(request)
      if (fault !== undefined) throw fault
      if (response.status >= 400) throw await problemOfTus(services, response)
      return response
    } finally {
      admission.release(admitted.get(request) ?? '')
    }
  }
}

/** Checks whether an upload may begin; returns the metadata to store. */
const admit = async (
  admission: UploadAdmission,
  caller: DeviceCaller | undefined,
  { id, size, metadata }: Upload,
): Promise<Record<string, string>> => {
  if (caller === undefined) throw new Error('an upload without a caller')
  const { filename, public: choice } = readUploadMetadata(metadata)
  const isPublic = choice !== undefined
  if (isPublic) checkMayPublish(caller)
  if (size === undefined) throw new ProblemError('invalid-request', 'Upload-Length is missing.')
  await admission.admit({ id, account: caller.account, sizeBytes: size })
  return { filename, account: caller.account, ...(isPublic ? { public: '1' } : {}) }
}

const checkMayPublish = ({ rights }: DeviceCaller): void => {
  if (!rights.includes('publish'))
    throw new ProblemError('not-permitted', 'Only accounts with the right to publish may upload for everyone.')
}

const codes: Readonly<Record<number, ProblemCode>> = {
  404: 'upload-not-found',
  409: 'upload-offset-wrong',
  410: 'upload-not-found',
  412: 'tus-version-unsupported',
  413: 'body-too-large',
  500: 'internal',
}

const problemOfTus = async (services: UploadServices, response: Response): Promise<ProblemError> => {
  const detail = (await response.text()).trim()
  if (response.status >= 500) checkFreeSpace(0, await services.objects.freeBytes(services.stopping))
  if (detail.startsWith('Request aborted'))
    return new ProblemError('upload-offset-wrong', 'Another request is continuing this upload.')
  return new ProblemError(codes[response.status] ?? 'invalid-request', response.status >= 500 ? undefined : detail)
}
