import { X } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useReadable } from '../state/services-context.tsx'
import type { Toast } from '../state/toasts.ts'
import { useUiState } from '../state/ui-state.tsx'
import { Button } from './button.tsx'
import { IconButton } from './icon-button.tsx'
import css from './toast-region.module.css'

/** Long enough to reach Undo without hurry. Pointing at a toast or focusing it stops the timer. */
const visibleMs = 10_000

/** The polite live region of the page: short messages, with Undo after a removal. */
export const ToastRegion = () => {
  const { toasts } = useUiState()
  const visible = useReadable(toasts.view)
  return (
    <div className={css['region']} role="status" aria-live="polite">
      {visible.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onDone={() => toasts.dismiss(toast.id)} />
      ))}
    </div>
  )
}

const ToastCard = ({ toast, onDone }: { toast: Toast; onDone: () => void }) => {
  const [isPaused, setPaused] = useState(false)
  const done = useEffectEvent(onDone)
  useEffect(() => {
    if (isPaused) return
    const timer = setTimeout(() => done(), visibleMs)
    return () => clearTimeout(timer)
  }, [isPaused])
  const undo = toast.undo
  return (
    <div
      className={css['toast']}
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
    >
      <span className={css['text']}>{toast.text}</span>
      {undo === undefined ? undefined : (
        <Button
          look="quiet"
          className={css['undo']}
          onClick={() => {
            undo()
            onDone()
          }}
        >
          Undo
        </Button>
      )}
      <IconButton label="Dismiss" icon={X} look="small" onClick={onDone} />
    </div>
  )
}
