declare global {
  /** What `watchMedia` has seen in this page. Times are of `performance.now()`. */
  var watched: {
    startedAt: number
    clickedAt: number
    /** From the last click until the media element moved; NaN before. */
    soundAfterMs: number
    /** From the last `seeking` event until the element moved on at the new position; NaN before. */
    seekAfterMs: number
    seekTo: number
    /** How often, and where, playback waited for data. */
    waits: number
    waitedAt: number[]
    position: () => number
  }
}

/** Runs inside every page before its scripts: times first sound, seeks and waits of every media element, without a round trip to the benchmark. */
export const watchMedia = (): void => {
  if (!('HTMLMediaElement' in globalThis)) return
  const state = {
    startedAt: 0,
    clickedAt: 0,
    soundAfterMs: Number.NaN,
    seekAfterMs: Number.NaN,
    seekTo: Number.NaN,
    waits: 0,
    waitedAt: [] as number[],
    position: () => 0,
  }
  Object.assign(globalThis, { watched: state })
  addEventListener('click', () => void (state.clickedAt = performance.now()), { capture: true })
  const play = HTMLMediaElement.prototype.play
  const seen = new WeakSet<HTMLMediaElement>()
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    if (!seen.has(this)) {
      seen.add(this)
      this.addEventListener('waiting', () => {
        if (Number.isNaN(state.soundAfterMs) || this.seeking) return
        state.waits += 1
        state.waitedAt.push(this.currentTime)
      })
      this.addEventListener('seeking', () => {
        const [from, to] = [performance.now(), this.currentTime]
        state.seekTo = to
        const look = (): unknown =>
          !this.seeking && this.currentTime > to + 0.02
            ? (state.seekAfterMs = performance.now() - from)
            : requestAnimationFrame(look)
        look()
      })
    }
    state.position = () => this.currentTime
    const look = (): unknown =>
      this.currentTime > 0 && !this.paused
        ? (state.soundAfterMs = performance.now() - state.clickedAt)
        : requestAnimationFrame(look)
    if (Number.isNaN(state.soundAfterMs)) look()
    return play.call(this)
  }
}
