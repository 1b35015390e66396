import type { DocumentsWorker } from '../../ports/documents/documents-worker.ts'
import { parseFromDocumentsWorker } from './documents-messages.ts'

/** The page's end of the worker of the documents. */
export const createDocumentsWorkerLink = (start: () => Worker): DocumentsWorker => {
  const worker = start()
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(parseFromDocumentsWorker(data))),
    onBroken: (listener) => worker.addEventListener('error', listener),
    stop: () => worker.terminate(),
  }
}
