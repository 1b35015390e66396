import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { MembershipState } from '@tonestead/protocol/sync/log-state'
import type { KnownDevice, LeaderDevices } from '../messages/tab-messages.ts'
import { isPlaying, type PlayerReport } from '../messages/player-report.ts'

// What is known of the devices of the account, and how old it is. Times are monotonic milliseconds.

/** [DV2] A device that plays says so every 2 s, another one every 5 s; one that was not heard for more than twice as long is away. */
export const sayEveryMs = { playing: 2_000, resting: 5_000 } as const
const awayAfterMs = { playing: 5_000, resting: 12_000 } as const

/** What a player said, and when. */
export type Reported = { readonly report: PlayerReport; readonly atMs: number }
export type HeardDevice = { readonly run: string; readonly heardAtMs: number; readonly reported: Reported | undefined }

/** The report as of now: the music went on since. */
export const advanced = ({ report, atMs }: Reported, nowMs: number): PlayerReport =>
  report.state === 'playing'
    ? { ...report, positionMs: Math.min(report.durationMs, report.positionMs + Math.max(0, nowMs - atMs)) }
    : report

export type BoardFacts = {
  readonly run: string
  readonly account: AccountId
  readonly self: DeviceId
  readonly holder: DeviceId | undefined
  readonly isOnline: boolean
  readonly membership: MembershipState | undefined
  readonly others: ReadonlyMap<DeviceId, HeardDevice>
  readonly own: Reported | undefined
  readonly nowMs: number
}

const isAway = (heard: HeardDevice | undefined, nowMs: number): boolean => {
  if (heard === undefined) return true
  const playing = heard.reported !== undefined && isPlaying(heard.reported.report)
  return nowMs - heard.heardAtMs > awayAfterMs[playing ? 'playing' : 'resting']
}

/** [DV1] [DV2] The devices that stand in the account, this one first. */
export const boardOf = (facts: BoardFacts): LeaderDevices => {
  const { run, account, self, holder, isOnline, membership, others, own, nowMs } = facts
  const standing = [...(membership?.members.get(account)?.devices.entries() ?? [])]
  const devices = standing.map(([id, { name }]): KnownDevice => {
    const isSelf = id === self
    const heard = others.get(id)
    const reported = isSelf ? own : heard?.reported
    const reach = isSelf ? 'here' : !isOnline || isAway(heard, nowMs) ? 'away' : 'reached'
    const until = reach === 'away' ? (reported?.atMs ?? nowMs) : nowMs
    return {
      ...{ id, name, isSelf, isHolder: id === holder, reach },
      ...(reported === undefined ? {} : { report: advanced(reported, until) }),
    }
  })
  const sorted = devices.toSorted((a, b) => Number(b.isSelf) - Number(a.isSelf) || (a.name < b.name ? -1 : 1))
  return { run, self, isOnline, devices: sorted, ...(holder === undefined ? {} : { holder }) }
}
