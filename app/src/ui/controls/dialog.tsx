import { useEffect, useEffectEvent, useRef, type MouseEvent, type ReactNode } from 'react'
import { classNames } from '../state/class-names.ts'
import { ToastRegion } from './toast-region.tsx'
import css from './dialog.module.css'

type DialogProps = { label: string; shape: 'center' | 'side' | 'full'; onClose: () => void; children: ReactNode }

/** The modal dialog of the browser: the focus stays inside, Escape and a click outside close it, then the focus returns to where it was. */
export const Dialog = ({ label, shape, onClose, children }: DialogProps) => {
  const element = useRef<HTMLDialogElement>(null)
  const closed = useEffectEvent(onClose)
  useEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  useEffect(() => {
    const dialog = element.current
    const cancel = (event: Event) => {
      event.preventDefault()
      closed()
    }
    dialog?.addEventListener('cancel', cancel)
    return () => dialog?.removeEventListener('cancel', cancel)
  }, [])
  const pressOutside = (event: MouseEvent) => {
    if (event.target === element.current) onClose()
  }
  return (
    <dialog ref={element} aria-label={label} className={classNames(css['dialog'], css[shape])} onClick={pressOutside}>
      <div className={css['body']}>{children}</div>
      <ToastRegion />
    </dialog>
  )
}
