import type { RenditionName } from '@tonestead/protocol/rendition'
import type { RefusalCode } from '@tonestead/protocol/ingest'
import type { Loudness } from '@tonestead/protocol/manifest'

/** Container formats that we recognize by their own magic bytes; the name is the demuxer's, given to the tool explicitly. */
export type SourceFormat =
  | 'flac'
  | 'wav'
  | 'w64'
  | 'aiff'
  | 'mp3'
  | 'mov'
  | 'ogg'
  | 'aac'
  | 'matroska'
  | 'caf'
  | 'wv'
  | 'ape'
  | 'tta'
  | 'asf'
  | 'dsf'
  | 'mpc'
  | 'mpc8'

export type Probe = {
  readonly codec: string
  readonly sampleRateHz: number
  readonly channels: number
  readonly bitsPerSample: number
  /** As the container declares it; undefined when it does not. */
  readonly declaredDurationMs: number | undefined
  readonly isLossless: boolean
}

export type Refused = { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail?: string | undefined }

export type TranscodeRequest = {
  readonly path: string
  readonly format: SourceFormat
  readonly probe: Probe
  readonly renditions: readonly RenditionName[]
  /** Loudness and waveform as well. */
  readonly isAnalysed: boolean
  readonly workFolder: string
}

/** AAC: encoded access units. FLAC: frames of constant block size, and the STREAMINFO of what was encoded. */
export type EncodedRendition = {
  readonly name: RenditionName
  /** Bytes of every frame, in order: exactly as many frames as delay and music need. */
  readonly frameSizes: Uint32Array
  /** Frames `from` up to, not including, `to`. They lie in the job's work folder and go with it, so a long recording needs no memory. */
  readFrames(from: number, to: number): Promise<readonly Uint8Array[]>
  readonly encoderDelay: number
  readonly samplesPerFrame: number
  readonly sampleRateHz: number
  readonly channels: number
  readonly bitsPerSample: number
  readonly streamInfo: Uint8Array
  /** Samples per channel of the decoded source at this rendition's rate, counted, not declared. */
  readonly totalSamples: number
}

export type Transcoded = {
  readonly kind: 'transcoded'
  readonly renditions: readonly EncodedRendition[]
  readonly analysis:
    { readonly loudness: Loudness; /** One byte per step, 800 steps. */ readonly waveform: Uint8Array } | undefined
  /** Decoded with complaints, yet with sound: a warning for the uploader. */
  readonly decodeErrors: number
}

/**
 * A media tool in a child process with limits on CPU, wall time, memory and output, without network and playlists.
 * Expected outcomes (damaged, too long …) are values; a rejection means the tool itself is broken. `signal` kills the child.
 */
export type Transcoder = {
  /** Tool and version, for people. */
  readonly name: string
  /** What holds a hostile file back on this machine, and what does not: for /readyz. */
  readonly limits: string
  probe(
    file: { path: string; format: SourceFormat },
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'probed'; readonly probe: Probe } | Refused>
  transcode(request: TranscodeRequest, signal: AbortSignal): Promise<Transcoded | Refused>
}
