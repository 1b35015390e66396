import type { OpenTabChannel } from '../../ports/documents/tab-channel.ts'

/** BroadcastChannel. */
export const openBroadcastChannel: OpenTabChannel = (name) => {
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listener) => {
      const onMessage = ({ data }: MessageEvent<unknown>): void => listener(data)
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close: () => channel.close(),
  }
}
