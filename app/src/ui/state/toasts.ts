import type { Readable } from '../../engine/readable.ts'
import { createStore } from './store.ts'

export type Toast = { readonly id: number; readonly text: string; readonly undo?: (() => void) | undefined }

/** Short messages; the newest three are kept. */
export type Toasts = {
  readonly view: Readable<readonly Toast[]>
  show(text: string, undo?: () => void): void
  dismiss(id: number): void
}

const most = 3

export const createToasts = (): Toasts => {
  const view = createStore<readonly Toast[]>([])
  let last = 0
  return {
    view,
    show: (text, undo) => {
      last += 1
      view.set([...view.get(), { id: last, text, undo }].slice(-most))
    },
    dismiss: (id) => view.change((toasts) => toasts.filter((toast) => toast.id !== id)),
  }
}
