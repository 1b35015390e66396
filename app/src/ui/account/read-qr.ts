/** Reads the text of a QR code in a picture; undefined when there is none. */
export type ReadQr = (video: HTMLVideoElement) => Promise<string | undefined>

type Detector = { detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]> }
type DetectorClass = {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** The browser's own reader where it has one, else a library. */
export const createReadQr = async (): Promise<ReadQr> => {
  const BarcodeDetector = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (BarcodeDetector !== undefined && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] })
    return async (video) => (await detector.detect(video))[0]?.rawValue
  }
  const { default: jsQR } = await import('jsqr')
  const canvas = document.createElement('canvas')
  return (video) => {
    const [width, height] = [video.videoWidth, video.videoHeight]
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (context === null || width === 0) return Promise.resolve(undefined)
    context.drawImage(video, 0, 0)
    return Promise.resolve(jsQR(context.getImageData(0, 0, width, height).data, width, height)?.data)
  }
}
