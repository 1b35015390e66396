import { request } from 'node:http'

export type Answer = { readonly status: number; readonly text: string }
export type Call = {
  readonly origin: string
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** The loopback address that the request comes from: the server limits each by itself. */
  readonly from: string
}

/** One request on a connection of its own. Status 0: no answer came. */
export const call = ({ origin, path, from, body, ...options }: Call): Promise<Answer> =>
  new Promise((resolve) => {
    const sent = request(new URL(path, origin), { ...options, localAddress: from, agent: false }, (response) => {
      let text = ''
      response.on('data', (data: Buffer) => void (text += data.toString('latin1')))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', () => resolve({ status: 0, text: '' }))
    })
    sent.setTimeout(30_000, () => sent.destroy(new Error('no answer within 30 seconds')))
    sent.on('error', (error) => resolve({ status: 0, text: error.message }))
    sent.end(body)
  })

/** Runs `count` calls, at most `atOnce` at the same time, for at most `seconds`. Returns how many had which status. */
export const flood = async (
  { count, atOnce, seconds }: { readonly count: number; readonly atOnce: number; readonly seconds: number },
  one: (index: number) => Promise<number>,
): Promise<Map<number, number>> => {
  const statuses = new Map<number, number>()
  const end = performance.now() + seconds * 1000
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count && performance.now() < end) {
      next += 1
      const status = await one(next)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return statuses
}
