export type WaveformLook = {
  readonly peaks: Uint8Array | undefined
  /** Played, 0 to 1. */ readonly share: number
  readonly hoverShare: number | undefined
}

const barWidth = 3
const gap = 2

/** The height of each bar: the loudest peak of its part. Without peaks all bars are equal, so that seeking works at once. */
export const barsOf = (peaks: Uint8Array | undefined, count: number): readonly number[] =>
  Array.from({ length: count }, (_, bar) => {
    if (peaks === undefined || peaks.length === 0) return 0.12
    const from = Math.floor((bar * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count))
    return Math.max(0.04, peaks.subarray(from, to).reduce((high, peak) => Math.max(high, peak), 0) / 255)
  })

/** Draws in device pixels with the colours of the canvas's style. */
export const drawWaveform = (canvas: HTMLCanvasElement, { peaks, share, hoverShare }: WaveformLook): void => {
  const { width, height } = canvas.getBoundingClientRect()
  const ratio = devicePixelRatio
  const context = canvas.getContext('2d')
  if (context === null || width === 0) return
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio)
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio)
  const style = getComputedStyle(canvas)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  barsOf(peaks, Math.floor(width / (barWidth + gap))).forEach((level, bar) => {
    const x = bar * (barWidth + gap)
    const middle = (x + barWidth / 2) / width
    context.fillStyle = colourAt({ middle, share, hoverShare }, style)
    const tall = Math.max(3, level * height)
    context.beginPath()
    context.roundRect(x, (height - tall) / 2, barWidth, tall, barWidth / 2)
    context.fill()
  })
}

const colourAt = (
  { middle, share, hoverShare }: { middle: number; share: number; hoverShare: number | undefined },
  style: CSSStyleDeclaration,
): string => {
  if (middle <= share) return style.color
  return hoverShare !== undefined && middle <= hoverShare ? style.borderTopColor : style.outlineColor
}
