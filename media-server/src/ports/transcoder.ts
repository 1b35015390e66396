import type { RenditionName } from '@tonestead/protocol/rendition'
import type { RefusalCode } from '@tonestead/protocol/ingest'
import type { Loudness } from '@tonestead/protocol/manifest'
import type { SourceFile } from './source-file.ts'

/** Container formats that are recognized by their magic bytes. The names are those of FFmpeg's demuxers: the demuxer is always given explicitly. */
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

/** What is known about the audio of a file before it is decoded. */
export type Probe = {
  readonly codec: string
  readonly sampleRateHz: number
  readonly channels: number
  readonly bitsPerSample: number
  /** The duration that the container declares; undefined when it declares none. */
  readonly declaredDurationMs: number | undefined
  readonly isLossless: boolean
}

/** Why a file cannot be used. `detail` is a sentence for people. */
export type Refused = { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail?: string | undefined }

/** `workFolder` is the caller's: it gets the encoded files, and the caller deletes it. */
export type TranscodeRequest = SourceFile & {
  readonly format: SourceFormat
  readonly probe: Probe
  readonly renditions: readonly RenditionName[]
  /** Whether loudness and waveform are measured too. */
  readonly isAnalysed: boolean
  readonly workFolder: string
}

/** One encoded rendition: AAC access units, or FLAC frames of constant block size with their STREAMINFO. */
export type EncodedRendition = {
  readonly name: RenditionName
  /** Size of every frame in bytes, in order: exactly the frames that encoder delay and audio need. */
  readonly frameSizes: Uint32Array
  /** Reads the frames from `from` up to, but not including, `to`. They are in the work folder, not in memory, and can be read until it is deleted. */
  readFrames(from: number, to: number): Promise<readonly Uint8Array[]>
  readonly encoderDelay: number
  readonly samplesPerFrame: number
  readonly sampleRateHz: number
  readonly channels: number
  readonly bitsPerSample: number
  readonly streamInfo: Uint8Array
  /** Samples per channel of the decoded source at this rendition's sample rate: counted, not declared. */
  readonly totalSamples: number
}

/** The result of decoding a whole file once. */
export type Transcoded = {
  readonly kind: 'transcoded'
  readonly renditions: readonly EncodedRendition[]
  readonly analysis:
    { readonly loudness: Loudness; /** Peaks: 800 steps of one byte. */ readonly waveform: Uint8Array } | undefined
  /** Number of errors that the decoder reported although it could continue: a warning for the uploader. */
  readonly decodeErrors: number
}

/**
 * A media tool in a child process, with limits of CPU, wall time, memory and output, without network and playlists. Calls may run concurrently.
 * Expected outcomes (damaged, too long …) are values. It rejects when the tool itself fails, when the disk is full (`storage-full`), and when the signal
 * aborts, which kills the child.
 */
export type Transcoder = {
  /** Name and version of the tool, for people. */
  readonly name: string
  /** How the tool is sandboxed on this machine, and what is missing: for /readyz. */
  readonly limits: string
  /** Reads the format of the audio, without decoding all of it. */
  probe(
    file: SourceFile & { readonly format: SourceFormat },
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'probed'; readonly probe: Probe } | Refused>
  /** Decodes the file once and encodes all requested renditions. */
  transcode(request: TranscodeRequest, signal: AbortSignal): Promise<Transcoded | Refused>
}
