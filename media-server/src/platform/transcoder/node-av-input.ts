import { setTimeout as wait } from 'node:timers/promises'
import { AV_LOG_ERROR, AV_LOG_INFO, AVDISCARD_ALL, AVMEDIA_TYPE_AUDIO } from 'node-av/constants'
import { Codec, CodecContext, Dictionary, FormatContext, InputFormat, Log, type Stream } from 'node-av/lib'
import { allowedDecoders } from './allowed-decoders.ts'

export type OpenedInput = { readonly context: FormatContext; readonly stream: Stream | undefined }

const maxLines = 200

/** Collects FFmpeg's log messages, like the output of the command line. */
export const collectLog = () => {
  const lines: string[] = []
  let errors = 0
  Log.setLevel(AV_LOG_INFO)
  Log.setCallback((level, message) => {
    if (level <= AV_LOG_ERROR) errors += 1
    for (const line of message.split('\n')) lines.push(line.slice(0, 500))
    lines.splice(0, Math.max(0, lines.length - maxLines))
  })
  return {
    /** Log messages arrive through the event loop: when this resolves, all messages up to now have arrived. */
    settled: () => wait(20),
    lines: (): readonly string[] => lines,
    errors: (): number => errors,
    /** Errors up to now concern tags and covers, not the audio. */
    forgetErrors: (): void => {
      errors = 0
    },
  }
}

/** Opens a file with this demuxer only, without network and playlists. All streams but the first audio stream are discarded. */
export const openInput = (file: { path: string; format: string }): OpenedInput | undefined => {
  const format = InputFormat.findInputFormat(file.format)
  if (format === null) return undefined
  const context = new FormatContext()
  const options = Dictionary.fromObject({
    protocol_whitelist: 'file,pipe',
    format_whitelist: file.format,
    codec_whitelist: allowedDecoders.join(','),
  })
  if (context.openInputSync(`file:${file.path}`, format, options) < 0) return undefined
  if (context.findStreamInfoSync(null) < 0) return undefined
  const stream = context.streams.find((one) => one.codecpar.codecType === AVMEDIA_TYPE_AUDIO)
  for (const other of context.streams) if (other.index !== stream?.index) other.discard = AVDISCARD_ALL
  return { context, stream }
}

/** A decoder with one thread; undefined when the codec is unknown, not allowed or cannot be opened. */
export const openDecoder = (stream: Stream): { decoder: CodecContext; name: string } | undefined => {
  const codec = Codec.findDecoder(stream.codecpar.codecId)
  if (codec?.name == null || !allowedDecoders.includes(codec.name)) return undefined
  const decoder = new CodecContext()
  decoder.allocContext3(codec)
  if (decoder.parametersToContext(stream.codecpar) < 0) return undefined
  decoder.pktTimebase = stream.timeBase
  decoder.threadCount = 1
  return decoder.open2Sync(codec, null) < 0 ? undefined : { decoder, name: codec.name }
}
