import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { Notice } from '../controls/notice.tsx'
import { useServices } from '../state/services-context.tsx'
import { createReadQr } from './read-qr.ts'
import css from './account-dialog.module.css'

const lookEveryMs = 200

/** Shows the camera, and gives the text of the first QR code in it. The camera stops with the element. */
export const QrScanner = ({ onText }: { onText: (text: string) => void }) => {
  const { log } = useServices()
  const video = useRef<HTMLVideoElement>(null)
  const [hasFailed, setFailed] = useState(false)
  const found = useEffectEvent(onText)
  const failed = useEffectEvent((cause: unknown) => {
    log.child('ui').failed('the camera was not opened')(cause)
    setFailed(true)
  })
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    scan(video, signal).then((text) => text !== undefined && found(text), failed)
    return () => controller.abort()
  }, [])
  if (hasFailed)
    return (
      <Notice tone="info" title="The camera cannot be used">
        Allow it for this address in the browser, or type the code.
      </Notice>
    )
  return <video ref={video} className={css['video']} muted playsInline aria-label="Camera" />
}

type Video = { readonly current: HTMLVideoElement | null }

/** Undefined when the signal aborts. */
const scan = async (target: Video, signal: AbortSignal): Promise<string | undefined> => {
  const [stream, read] = await Promise.all([
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }),
    createReadQr(),
  ])
  const isWanted = (): boolean => !signal.aborted
  const stop = (): void => stream.getTracks().forEach((track) => track.stop())
  signal.addEventListener('abort', stop, { once: true })
  const video = target.current
  if (signal.aborted || video === null) {
    stop()
    return undefined
  }
  video.srcObject = stream
  await video.play()
  while (isWanted()) {
    const text = await read(video)
    if (text !== undefined && text !== '') {
      stop()
      return text
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return undefined
}
