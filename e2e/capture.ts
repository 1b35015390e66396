import type { BrowserContext, Page } from 'playwright-core'
import { sampleRateHz } from '../harness/sound.ts'

// Records what the page plays: every media element is connected to one recorder. The context must be opened with `bypassCSP`, because
// the page's own policy refuses the recorder's script.

type Capture = { blocks: Float32Array[]; elements: HTMLMediaElement[]; context: AudioContext | undefined }
declare global {
  var capture: Capture
}

const recorder = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([input]) { if (input[0]) this.port.postMessage(input[0].slice()); return true }
})`

/** Call it before the page loads. */
export const recordEverything = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript(
    ({ code, sampleRate }) => {
      if (!('HTMLMediaElement' in globalThis)) return
      globalThis.capture = { blocks: [], elements: [], context: undefined }
      let ready: Promise<AudioWorkletNode> | undefined
      const makeRecorder = async (): Promise<AudioWorkletNode> => {
        const audio = new AudioContext({ sampleRate, latencyHint: 'playback' })
        globalThis.capture.context = audio
        await audio.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
        const node = new AudioWorkletNode(audio, 'recorder')
        node.port.onmessage = (event: MessageEvent<Float32Array>) => globalThis.capture.blocks.push(event.data)
        node.connect(audio.destination)
        return node
      }
      const play = HTMLMediaElement.prototype.play
      HTMLMediaElement.prototype.play = async function (this: HTMLMediaElement) {
        if (!globalThis.capture.elements.includes(this)) {
          globalThis.capture.elements.push(this)
          ready ??= makeRecorder()
          const node = await ready
          globalThis.capture.context?.createMediaElementSource(this).connect(node)
        }
        return play.call(this)
      }
    },
    { code: recorder, sampleRate: sampleRateHz },
  )
}

/** Deletes what was recorded so far. */
export const clearRecording = (page: Page): Promise<void> => page.evaluate(() => void (globalThis.capture.blocks = []))

/** The left channel of what was recorded since, at 48 kHz. */
export const recorded = async (page: Page): Promise<Float32Array> => {
  const text = await page.evaluate(() => {
    const blocks = globalThis.capture.blocks
    const whole = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0))
    let offset = 0
    for (const block of blocks) {
      whole.set(block, offset)
      offset += block.length
    }
    const bytes = new Uint8Array(whole.buffer)
    let binary = ''
    for (let index = 0; index < bytes.length; index += 32_768)
      binary += String.fromCharCode(...bytes.subarray(index, index + 32_768))
    return btoa(binary)
  })
  const bytes = Buffer.from(text, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

/** The position of the element that plays, in seconds. */
export const elementTime = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      globalThis.capture.elements.filter((element) => !element.paused).at(-1)?.currentTime ??
      globalThis.capture.elements.at(-1)?.currentTime ??
      0,
  )
