import { refusals } from '@tonestead/protocol/ingest'
import { maxUploadBytes } from '@tonestead/protocol/upload'
import type { ChosenFile, Uploader, UploadOutcome } from '../../ports/uploader.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import { createCell } from '../cell.ts'
import type { Uploads, UploadRow, UploadState } from './uploads.ts'

type Deps = { readonly uploader: Uploader; readonly server: Pick<ServerConnection, 'isOnline' | 'report'> }

/** What lies beside recordings in folders. A single file is sent as chosen: the server says what is wrong with it. */
const besideRecordings =
  /(^|\/)\.|\.(jpe?g|png|gif|webp|bmp|txt|nfo|log|cue|pdf|html?|ini|db|url|md5|sfv|accurip|ds_store)$/i

/** One file after the other; waits while the server does not answer, and goes on by itself. */
export const createUploads = ({ uploader, server }: Deps): Uploads => {
  const view = createCell<readonly UploadRow[]>([])
  const files = new Map<number, ChosenFile>()
  let lastId = 0
  let sending: { readonly id: number; readonly stop: AbortController } | undefined

  const setState = (id: number, state: UploadState): void =>
    view.set(view.get().map((row) => (row.id === id ? { ...row, state } : row)))

  const send = async (id: number, file: ChosenFile): Promise<void> => {
    const stop = new AbortController()
    sending = { id, stop }
    setState(id, { kind: 'sending', percent: 0 })
    const outcome = await uploader.send(file, {
      signal: stop.signal,
      progress: createProgress(file, (percent) => !stop.signal.aborted && setState(id, { kind: 'sending', percent })),
    })
    sending = undefined
    if (outcome.kind === 'received') files.delete(id)
    // It asks until the server answers again, and then we go on.
    if (outcome.kind === 'offline' && !stop.signal.aborted) server.report(false)
    setState(id, stateAfter(outcome))
  }

  const goOn = async (): Promise<void> => {
    while (sending === undefined && server.isOnline.get()) {
      const next = view.get().find((row) => row.state.kind === 'waiting')
      const file = next === undefined ? undefined : files.get(next.id)
      if (next === undefined || file === undefined) return
      await send(next.id, file)
    }
  }

  server.isOnline.subscribe(() => {
    if (server.isOnline.get()) void goOn()
    else sending?.stop.abort()
  })

  return {
    view,
    add: (chosen) => {
      const wanted = chosen.filter((file) => !(file.name.includes('/') && besideRecordings.test(file.name)))
      const rows = wanted.map((file): UploadRow => {
        lastId += 1
        files.set(lastId, file)
        return {
          id: lastId,
          name: file.name,
          sizeBytes: file.sizeBytes,
          state: file.sizeBytes > maxUploadBytes ? tooLarge : { kind: 'waiting' },
        }
      })
      view.set([...view.get(), ...rows])
      void goOn()
      return { leftOut: chosen.length - wanted.length }
    },
    retry: (id) => {
      setState(id, { kind: 'waiting' })
      void goOn()
    },
    remove: (id) => {
      const file = files.get(id)
      files.delete(id)
      view.set(view.get().filter((row) => row.id !== id))
      if (sending?.id === id) sending.stop.abort()
      if (file !== undefined) void uploader.discard(file).catch(() => undefined)
    },
  }
}

const tooLarge: UploadState = { kind: 'failed', ...refusals['too-large'], mayRetry: false }

/** Told once for each whole per cent. */
const createProgress = (file: ChosenFile, tell: (percent: number) => void) => {
  let told = 0
  return (sentBytes: number): void => {
    const percent = Math.min(100, Math.floor((sentBytes / Math.max(1, file.sizeBytes)) * 100))
    if (percent === told) return
    told = percent
    tell(percent)
  }
}

const cures: Readonly<Record<string, string>> = {
  'not-permitted': 'Ask the administrator of the server for the right to upload.',
  'storage-full': 'Its administrator can free some space; then try again.',
  'body-too-large': refusals['too-large'].cure,
  'too-many-uploads': 'Let the others end, or remove one, then try again.',
}

const stateAfter = (outcome: UploadOutcome): UploadState => {
  if (outcome.kind === 'received') return { kind: 'received' }
  if (outcome.kind === 'offline') return { kind: 'waiting' }
  return {
    kind: 'failed',
    title: outcome.title,
    cure: cures[outcome.code] ?? outcome.detail ?? 'Try again.',
    mayRetry: outcome.code !== 'body-too-large',
  }
}
