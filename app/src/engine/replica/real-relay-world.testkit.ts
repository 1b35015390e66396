import type { Bytes } from '@tonestead/protocol/bytes'
import {
  createMemoryRelay,
  openMemoryLink,
  testRelayKey,
} from '../../../../sync-server/src/relay/memory-relay.testkit.ts'
import { createWorld, type World } from './replica-world.testkit.ts'

// Replicas at the relay of sync-server/, in one process.

/** `disk`: what the relay has stored. `faults`: what failed in it. `relayOptions`: for instance who may begin logs there. */
export const createRealRelayWorld = async (
  options: Parameters<typeof createWorld>[1] = {},
  relayOptions: Parameters<typeof createMemoryRelay>[0] = {},
) => {
  const { relay, disk, faults } = await createMemoryRelay(relayOptions)
  const key = await testRelayKey()
  const connect = (send: (frame: Bytes) => void) => {
    const opened = openMemoryLink(relay)({ onFrame: send } as Parameters<ReturnType<typeof openMemoryLink>>[0])
    return {
      receive: async (frame: Bytes) => (await opened).send(frame),
      device: '',
      close: () => void opened.then((link) => link.close()),
    }
  }
  const world = await createWorld({ key, connect } as unknown as Parameters<typeof createWorld>[0], options)
  return { world, disk, faults }
}

/** Delivers until the condition holds; the test's own time limit ends it. */
export const until = async (world: World, holds: () => boolean): Promise<void> => {
  while (!holds()) await world.settle()
}

/** Delivers one message after the other until the condition holds, and then nothing more. */
export const untilStep = async (world: World, holds: () => boolean): Promise<void> => {
  for (;;) {
    for (const { replica } of world.devices.values()) await replica.idle()
    if (holds()) return
    await (world.queue.shift()?.() ?? new Promise((done) => setImmediate(done)))
  }
}

/** The same while time passes at every device. */
export const untilLater = async (world: World, holds: () => boolean): Promise<void> => {
  while (!holds()) {
    await world.settle()
    for (const { clock } of world.devices.values()) await clock.advance(5)
  }
}
