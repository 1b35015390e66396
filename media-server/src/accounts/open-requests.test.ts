import { parseDeviceId } from '@tonestead/crdt/ids'
import { expect, it } from 'vitest'
import { createOpenRequests } from './open-requests.ts'

const [one, two] = ['a', 'b'].map((letter) => parseDeviceId(letter.repeat(52))) as [never, never]
const openResponse = () => {
  const response = { isDestroyed: false, destroy: () => (response.isDestroyed = true) }
  return response
}

it('a removal ends the open requests of that device alone, except the request that removed it', () => {
  const requests = createOpenRequests()
  const [stream, removing, answered, other] = [openResponse(), openResponse(), openResponse(), openResponse()]
  requests.add(one, stream)
  requests.add(one, removing)
  requests.add(one, answered)()
  requests.add(two, other)
  requests.endAll(one, removing)
  expect([stream, removing, answered, other].map(({ isDestroyed }) => isDestroyed)).toEqual([true, false, false, false])
  expect(requests.removals()).toBe(1)
})
