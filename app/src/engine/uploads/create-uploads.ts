import { refusals } from '@tonestead/protocol/ingest'
import { maxUploadBytes } from '@tonestead/protocol/upload'
import type { Log } from '../../ports/log.ts'
import type { FileToSend, Uploader, UploadOutcome } from '../../ports/uploader.ts'
import { cureOfProblem, mayTryAgain } from '../failures/failure-table.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import { createCell, type Cell } from '../cell.ts'
import type { Uploads, UploadRow, UploadState } from './uploads.ts'

type Deps = {
  readonly uploader: Uploader
  readonly server: Pick<ServerConnection, 'isOnline' | 'report'>
  readonly log: Log
}

type Parts = Deps & {
  readonly view: Cell<readonly UploadRow[]>
  /** The files of the rows that are not received yet. */
  readonly files: Map<number, FileToSend>
  lastId: number
  sending: { readonly id: number; readonly stop: AbortController } | undefined
}

/** Sends one file after the other. While the server does not answer it waits, and goes on by itself. */
export const createUploads = (deps: Deps): Uploads => {
  const view = createCell<readonly UploadRow[]>([])
  const parts: Parts = { ...deps, view, files: new Map(), lastId: 0, sending: undefined }
  const { isOnline } = deps.server
  isOnline.subscribe(() => {
    if (isOnline.get()) void sendWaiting(parts)
    else parts.sending?.stop.abort()
  })
  return {
    view,
    add: (chosen, { isPublic }) => {
      const wanted = chosen.filter((file) => !(file.name.includes('/') && isBesideRecordings.test(file.name)))
      view.set([...view.get(), ...wanted.map((file) => rowOf(parts, { ...file, isPublic }))])
      void sendWaiting(parts)
      return Promise.resolve({ leftOut: chosen.length - wanted.length })
    },
    retry: (id) => {
      setState(parts, id, { kind: 'waiting' })
      void sendWaiting(parts)
    },
    remove: (id) => remove(parts, id),
  }
}

/** Files that lie beside recordings in folders. A single file is sent as chosen: the server says what is wrong with it. */
const isBesideRecordings =
  /(^|\/)\.|\.(jpe?g|png|gif|webp|bmp|txt|nfo|log|cue|pdf|html?|ini|db|url|md5|sfv|accurip|ds_store)$/i

const tooLarge: UploadState = { kind: 'failed', ...refusals['too-large'], mayRetry: false }

const rowOf = (parts: Parts, file: FileToSend): UploadRow => {
  parts.lastId += 1
  parts.files.set(parts.lastId, file)
  const { name, sizeBytes, isPublic } = file
  return {
    id: parts.lastId,
    name,
    sizeBytes,
    isPublic,
    state: sizeBytes > maxUploadBytes ? tooLarge : { kind: 'waiting' },
  }
}

const setState = ({ view }: Parts, id: number, state: UploadState): void =>
  view.set(view.get().map((row) => (row.id === id ? { ...row, state } : row)))

const sendWaiting = async (parts: Parts): Promise<void> => {
  while (parts.sending === undefined && parts.server.isOnline.get()) {
    const next = parts.view.get().find((row) => row.state.kind === 'waiting')
    const file = next === undefined ? undefined : parts.files.get(next.id)
    if (next === undefined || file === undefined) return
    await send(parts, next.id, file)
  }
}

const send = async (parts: Parts, id: number, file: FileToSend): Promise<void> => {
  const stop = new AbortController()
  const { signal } = stop
  parts.sending = { id, stop }
  setState(parts, id, { kind: 'sending', percent: 0 })
  const onPercent = (percent: number): void => {
    if (!signal.aborted) setState(parts, id, { kind: 'sending', percent })
  }
  const outcome = await parts.uploader.send(file, { signal, progress: createProgress(file, onPercent) })
  parts.sending = undefined
  if (outcome.kind === 'received') parts.files.delete(id)
  // The connection then looks for the server, and the uploads go on when it answers.
  if (outcome.kind === 'offline' && !signal.aborted) parts.server.report(false)
  if (outcome.kind === 'refused') parts.log.warn('an upload was refused', { code: outcome.code })
  setState(parts, id, stateAfter(outcome))
}

/** Calls `onPercent` once for each whole per cent. */
const createProgress = (file: FileToSend, onPercent: (percent: number) => void) => {
  let last = 0
  return (sentBytes: number): void => {
    const percent = Math.min(100, Math.floor((sentBytes / Math.max(1, file.sizeBytes)) * 100))
    if (percent === last) return
    last = percent
    onPercent(percent)
  }
}

const stateAfter = (outcome: UploadOutcome): UploadState => {
  if (outcome.kind === 'received') return { kind: 'received' }
  if (outcome.kind === 'offline') return { kind: 'waiting' }
  return {
    kind: 'failed',
    title: outcome.title,
    cure: cureOfProblem(outcome.code, outcome.detail),
    mayRetry: mayTryAgain(outcome.code),
  }
}

const remove = ({ view, files, sending, uploader, log }: Parts, id: number): void => {
  const file = files.get(id)
  files.delete(id)
  view.set(view.get().filter((row) => row.id !== id))
  if (sending?.id === id) sending.stop.abort()
  if (file !== undefined) void uploader.discard(file).catch(log.failed('an upload was not discarded'))
}
