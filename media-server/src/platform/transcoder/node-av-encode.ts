import { closeSync, openSync, writeSync } from 'node:fs'
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_BITEXACT,
  AV_PKT_DATA_NEW_EXTRADATA,
  AVERROR_EOF,
} from 'node-av/constants'
import {
  avGetSampleFmtName,
  Codec,
  CodecContext,
  FilterGraph,
  Frame,
  Packet,
  type ChannelLayout,
  type FilterContext,
} from 'node-av/lib'
import { aacSamplesPerFrame, flacSamplesPerFrame, waveformSteps } from './encode-plan.ts'
import { collectLog, openDecoder, openInput } from './node-av-input.ts'
import { framesPath, type NodeAvEncodeTask, type NodeAvEncoded } from './node-av-messages.ts'
import { createPcmMeter } from './pcm-meter.ts'

type Output = NodeAvEncodeTask['outputs'][number]
type Frames = Extract<Output, { name: string }>
type Sink = { readonly drain: () => void; readonly flush: () => void }
type Track = NodeAvEncoded['tracks'][number]

const pcmSamplesPerFrame = 48_000

/** Decodes the file once and feeds all outputs, like the command line. Undefined when the file cannot be decoded at all. */
export const encodeWithNodeAv = async (task: NodeAvEncodeTask): Promise<NodeAvEncoded | undefined> => {
  const log = collectLog()
  const input = openInput(task)
  const stream = input?.stream
  const opened = stream === undefined ? undefined : openDecoder(stream)
  if (input === undefined || stream === undefined || opened === undefined) return undefined
  await log.settled()
  log.forgetErrors()
  const meter = createPcmMeter()
  const encoding = createEncoding(task, meter)
  const counts = { packets: 0, failedPackets: 0 }
  const packet = new Packet()
  packet.alloc()
  const frame = new Frame()
  frame.alloc()
  const decode = (what: Packet | null): void => {
    if (opened.decoder.sendPacketSync(what) < 0 && what !== null) counts.failedPackets += 1
    for (let got = opened.decoder.receiveFrameSync(frame); got >= 0; got = opened.decoder.receiveFrameSync(frame))
      encoding.feed(frame)
  }
  while (
    meter.samples() <= task.maxSamples &&
    encoding.samples() <= task.maxSamples &&
    input.context.readFrameSync(packet) >= 0
  ) {
    if (packet.streamIndex === stream.index) {
      counts.packets += 1
      decode(packet)
    }
    packet.unref()
  }
  decode(null)
  const tracks = encoding.end()
  await log.settled()
  return {
    ...counts,
    errorLines: log.errors(),
    lines: [...log.lines()],
    waveform: Uint8Array.from(meter.waveform(waveformSteps)),
    tracks,
  }
}

/** The filter graph is created at the first frame: only then the decoder's real format is known. */
const createEncoding = (task: NodeAvEncodeTask, meter: ReturnType<typeof createPcmMeter>) => {
  let running:
    | { source: FilterContext; sinks: readonly Sink[]; tracks: readonly Track[]; graph: FilterGraph; shape: string }
    | undefined
  const begin = (frame: Frame) => {
    const { graph, source, ends } = buildGraph(task, frame)
    const made = task.outputs.map((output, index) => {
      const end = ends[index]
      if (end === undefined) throw new Error('the filter graph has no output')
      return output.kind === 'pcm' ? { sink: pcmSink(end, meter), track: undefined } : frameSink(task, output, end)
    })
    return {
      graph,
      source,
      sinks: made.map((one) => one.sink),
      tracks: made.flatMap((one) => one.track ?? []),
      shape: shapeOf(frame),
    }
  }
  return {
    feed: (frame: Frame): void => {
      if (frame.channelLayout.order !== AV_CHANNEL_ORDER_NATIVE) frame.channelLayout = layoutOf(frame)
      running ??= begin(frame)
      // A stream that changes its format would need another graph. The rest is left out, so the file counts as truncated.
      if (running.shape === shapeOf(frame)) running.source.buffersrcAddFrameSync(frame)
      frame.unref()
      for (const sink of running.sinks) sink.drain()
    },
    samples: (): number => running?.tracks.find((track) => track.streamInfo.length === 0)?.samples ?? 0,
    end: (): Track[] => {
      if (running === undefined) return []
      running.source.buffersrcAddFrameSync(null)
      for (const sink of running.sinks) sink.drain()
      for (const sink of running.sinks) sink.flush()
      // The loudness filter prints its summary when it is freed.
      running.graph.free()
      return [...running.tracks]
    },
  }
}

const shapeOf = (frame: Frame): string => `${frame.sampleRate} ${frame.format} ${frame.channels}`

/** FFmpeg's default channel layouts (libavutil/channel_layout.c), for files that declare none. */
const defaultMasks = [0n, 0x4n, 0x3n, 0xbn, 0x107n, 0x37n, 0x3fn, 0x70fn, 0x63fn]
const layoutOf = (frame: Frame): ChannelLayout => {
  const nbChannels = frame.channels
  const mask = defaultMasks[nbChannels]
  return mask === undefined ? frame.channelLayout : { nbChannels, order: AV_CHANNEL_ORDER_NATIVE, mask }
}

/** Source and sinks are part of the graph's description and are looked up by name. */
const buildGraph = (task: NodeAvEncodeTask, frame: Frame) => {
  const graph = new FilterGraph()
  graph.alloc()
  graph.nbThreads = 1
  const format = avGetSampleFmtName(frame.format as Parameters<typeof avGetSampleFmtName>[0]) ?? ''
  const input = `abuffer@in=time_base=1/${frame.sampleRate}:sample_rate=${frame.sampleRate}:sample_fmt=${format}:channel_layout=0x${frame.channelLayout.mask.toString(16)}[in]`
  const ends = task.outputs.map(
    (output) =>
      `[${output.pad}]${output.kind === 'pcm' ? 'aformat=sample_fmts=s16,' : ''}asetnsamples=n=${samplesPerFrame(output)}:p=0,abuffersink@${output.pad}`,
  )
  check(graph.parsePtr([input, task.graph, ...ends].join(';')), 'the filter graph')
  check(graph.configSync(), 'the filter graph')
  return {
    graph,
    source: filterNamed(graph, 'abuffer@in'),
    ends: task.outputs.map((output) => filterNamed(graph, `abuffersink@${output.pad}`)),
  }
}

const filterNamed = (graph: FilterGraph, name: string): FilterContext => {
  const found = graph.getFilter(name)
  if (found === null) throw new Error(`the filter graph has no ${name}`)
  return found
}

const samplesPerFrame = (output: Output): number =>
  output.kind === 'aac' ? aacSamplesPerFrame : output.kind === 'flac' ? flacSamplesPerFrame : pcmSamplesPerFrame

const check = (code: number, what: string): void => {
  if (code < 0 && code !== AVERROR_EOF) throw new Error(`${what}: FFmpeg error ${code}`)
}

const newFrame = (): Frame => {
  const frame = new Frame()
  frame.alloc()
  return frame
}

const pcmSink = (end: FilterContext, meter: ReturnType<typeof createPcmMeter>): Sink => {
  const frame = newFrame()
  const drain = (): void => {
    while (end.buffersinkGetFrameSync(frame) >= 0) {
      const [plane] = frame.data ?? []
      if (plane !== undefined) meter.write(plane.subarray(0, frame.nbSamples * 4))
      frame.unref()
    }
  }
  return { drain, flush: () => undefined }
}

/** Writes the encoded frames one after the other into one file; their sizes are in the result. */
const frameSink = (task: NodeAvEncodeTask, output: Frames, end: FilterContext): { sink: Sink; track: Track } => {
  const encoder = openEncoder(output, end)
  const file = openSync(framesPath(task.workFolder, output.name), 'w', 0o600)
  const sizes: number[] = []
  let samples = 0
  const state = { streamInfo: new Uint8Array(encoder.extraData ?? []) }
  const frame = newFrame()
  const packet = new Packet()
  packet.alloc()
  const collect = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      const { data } = packet
      if (data !== null && data.length > 0) {
        writeSync(file, data)
        sizes.push(data.length)
      }
      const final = packet.getSideData(AV_PKT_DATA_NEW_EXTRADATA)
      if (final !== null) state.streamInfo = new Uint8Array(final)
      packet.unref()
    }
  }
  const sink: Sink = {
    drain: () => {
      while (end.buffersinkGetFrameSync(frame) >= 0) {
        samples += frame.nbSamples
        check(encoder.sendFrameSync(frame), output.name)
        frame.unref()
        collect()
      }
    },
    flush: () => {
      encoder.sendFrameSync(null)
      collect()
      closeSync(file)
    },
  }
  const track = {
    name: output.name,
    sampleRateHz: encoder.sampleRate,
    channels: encoder.channels,
    get samples() {
      return samples
    },
    get frameSizes() {
      return Uint32Array.from(sizes)
    },
    get streamInfo() {
      return output.kind === 'flac' ? state.streamInfo.slice(0, 34) : new Uint8Array(0)
    },
  }
  return { sink, track }
}

const openEncoder = (output: Frames, end: FilterContext): CodecContext => {
  const codec = Codec.findEncoderByName(output.kind as Parameters<typeof Codec.findEncoderByName>[0])
  if (codec === null) throw new Error(`there is no ${output.kind} encoder`)
  const encoder = new CodecContext()
  encoder.allocContext3(codec)
  encoder.sampleRate = end.buffersinkGetSampleRate()
  encoder.channelLayout = end.buffersinkGetChannelLayout()
  encoder.sampleFormat = end.buffersinkGetFormat() as typeof encoder.sampleFormat
  encoder.timeBase = end.buffersinkGetTimeBase()
  encoder.threadCount = 1
  encoder.setFlags(AV_CODEC_FLAG_BITEXACT)
  if (output.kind === 'aac') encoder.bitRate = BigInt(output.bitrateBps)
  else encoder.frameSize = flacSamplesPerFrame
  if (output.kind === 'flac' && output.isDeep) encoder.bitsPerRawSample = 24
  // Not by a dictionary: FFmpeg frees what it takes from one, node-av frees it again, and the process dies at the next garbage collection.
  if (output.kind === 'aac') check(encoder.setOption('aac_coder', 'fast'), 'the AAC coder')
  check(encoder.open2Sync(codec, null), `the ${output.kind} encoder`)
  return encoder
}
