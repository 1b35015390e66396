import type { RecordingId } from '@tonestead/crdt/ids'
import { hlsLinkSchema } from '@tonestead/protocol/license'
import type { AudioOutput } from '../../ports/audio-output.ts'
import type { SignedClient } from '../account/signed-client.ts'

type Deps = { readonly client: Pick<SignedClient, 'request'>; readonly output: Pick<AudioOutput, 'canPlay'> }

/**
 * Path of a recording's HLS playlist, for times without a service worker: it sounds before the whole track is here. Undefined where the element
 * plays no HLS by itself, without a server, and for accounts that have no right to play elsewhere (the keys of HLS are in the open).
 */
export const createHlsPath =
  ({ client, output }: Deps) =>
  async (recordingId: RecordingId, signal: AbortSignal): Promise<string | undefined> => {
    if (!output.canPlay('application/vnd.apple.mpegurl')) return undefined
    const answer = await client.request({ method: 'POST', path: '/api/hls-links', body: { recordingId }, signal }, hlsLinkSchema)
    return answer.kind === 'ready' ? answer.value.master : undefined
  }
