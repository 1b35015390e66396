import type { Bytes } from '@tonestead/protocol/bytes'
import type { Link } from '../ports/link.ts'

/** Frames of one client that wait; with more, or more bytes, the relay stops reading from it. */
const mostFrames = 64
const mostBytes = 4 * 1024 * 1024

/** Handles the frames of one client one after the other, so that a slow one delays only its own. */
export const createFrameQueue = (deps: {
  readonly link: Pick<Link, 'pause' | 'resume'>
  readonly handle: (frame: Bytes) => Promise<void>
  readonly onFault: (fault: unknown) => void
}) => {
  const waiting: Bytes[] = []
  let bytes = 0
  let isPaused = false
  let isRunning = false
  let isEnded = false
  const setPaused = (paused: boolean): void => {
    if (paused === isPaused) return
    isPaused = paused
    if (paused) deps.link.pause()
    else deps.link.resume()
  }
  const run = async (): Promise<void> => {
    isRunning = true
    for (let frame = waiting.shift(); frame !== undefined && !isEnded; frame = waiting.shift()) {
      bytes -= frame.length
      setPaused(waiting.length >= mostFrames || bytes >= mostBytes)
      await deps.handle(frame)
    }
    isRunning = false
  }
  return {
    push: (frame: Bytes): void => {
      if (isEnded) return
      waiting.push(frame)
      bytes += frame.length
      setPaused(waiting.length >= mostFrames || bytes >= mostBytes)
      if (!isRunning) run().catch(deps.onFault)
    },
    end: (): void => {
      isEnded = true
      waiting.length = 0
    },
  }
}
