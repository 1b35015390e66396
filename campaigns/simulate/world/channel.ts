import type { SeededChoices } from './seeded-choices.ts'
import type { Schedule } from './schedule.ts'

/** The network: how long a frame is on its way. */
export type Network = { readonly schedule: Schedule; readonly choices: SeededChoices; isFast: boolean }

/** One direction of a connection: frames arrive whole and in order, or not at all after it was closed. */
export type Channel = { readonly send: (task: () => void) => void; readonly close: () => void }

const delayOf = ({ choices, isFast }: Network): number => {
  if (isFast) return 1
  return 1 + choices.roll() * (choices.chance(0.06) ? 3000 : 120)
}

const createChannel = (network: Network): Channel => {
  let isOpen = true
  let last = 0
  return {
    send: (task) => {
      if (!isOpen) return
      const { schedule } = network
      last = Math.max(last, schedule.now() + delayOf(network))
      schedule.in(last - schedule.now(), () => {
        if (isOpen) task()
      })
    },
    close: () => void (isOpen = false),
  }
}

/** The two ends of a connection. `toServer` and `toClient` take what arrives there. */
export type Wire = {
  readonly toServer: Channel
  readonly toClient: Channel
  readonly close: () => void
  readonly isClosed: () => boolean
}

export const createWire = (network: Network, onClose: () => void): Wire => {
  const [toServer, toClient] = [createChannel(network), createChannel(network)]
  let isClosed = false
  return {
    toServer,
    toClient,
    isClosed: () => isClosed,
    close: () => {
      if (isClosed) return
      isClosed = true
      toServer.close()
      toClient.close()
      onClose()
    },
  }
}
