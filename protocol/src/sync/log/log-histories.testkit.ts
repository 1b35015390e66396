import fc from 'fast-check'
import { keyIdOf } from '../keys/agreement-key.ts'
import type { MembershipState } from '../log-state.ts'
import type { Role } from '../membership.ts'
import {
  advance,
  agreementKey,
  append,
  createAccount,
  createShared,
  envelope,
  invitation,
  membership,
  redemption,
  redemptionBy,
  type Choice,
  type FakeAccount,
} from './log-world.testkit.ts'
import type { MemoryLog } from './memory-log.ts'
import type { Author } from './rights.ts'
import type { VerifiedItem } from './verified-item.ts'

// Random histories of a shared collection: valid and invalid operations of several accounts and their devices.

const names = ['olga', 'ada', 'bea', 'vic', 'eve'] as const
const roles = ['viewer', 'editor', 'owner'] as const
const kinds = [
  'invited',
  'invited',
  'redeemed',
  'redeemed',
  'redeemed',
  'role',
  'role',
  'removed',
  'left',
  'epoch',
  'epoch',
  'withdrawn',
  'device-added',
  'device-removed',
  'restored',
  'advanced',
  'advanced',
  'envelope',
  'envelope',
  'envelope',
] as const

/** One thing that somebody tries. Numbers choose among what there is. */
export type Step = {
  readonly kind: (typeof kinds)[number]
  readonly actor: number
  readonly device: number
  readonly target: number
  readonly choice: number
  readonly back: number
  readonly isWrong: boolean
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  actor: fc.constantFrom(0, 0, 1, 1, 2, 2, 3, 4),
  device: fc.nat(2),
  target: fc.nat(100),
  choice: fc.nat(100),
  back: fc.nat(6),
  isWrong: fc.boolean(),
})
/** Without bias, because short histories contain little. */
export const history = (length: number): fc.Arbitrary<Step[]> =>
  fc.noBias(fc.array(step, { minLength: 5, maxLength: length, size: 'max' }))

export type World = {
  readonly log: MemoryLog
  readonly accounts: readonly FakeAccount[]
  readonly items: VerifiedItem[]
  /** Number of the next device. */
  devices: number
}
/** Olga and Bea are owners, Ada is an editor, Vic a viewer, Eve a stranger. */
export const createWorld = (): World => {
  const accounts = names.map((name) => createAccount(name))
  const [olga, ada, bea, vic] = accounts as [FakeAccount, FakeAccount, FakeAccount, FakeAccount]
  const log = createShared(olga)
  const world = { log, accounts, items: [], devices: 2 }
  const begin = (item: VerifiedItem): void => {
    if (!take(world, item)) throw new Error('the beginning was refused')
  }
  const by = olga.by('olga1')
  for (const who of [ada, bea, vic]) {
    begin(membership(log, invitation(who.name, who === vic ? 'viewer' : 'editor'), { by }))
    begin(redemption(log, who, keyIdOf(agreementKey(who.name))))
  }
  begin(membership(log, { kind: 'role', account: bea.account, role: 'owner' }, { by }))
  return world
}

/** What the step would append to the shared log. Steps on accounts change only the personal log. */
export const itemOf = (world: World, step: Step): VerifiedItem | undefined => {
  const { log, accounts } = world
  const actor = accounts[step.actor]!
  const by = authorOf(actor, step.device)
  const target = targetOf(world, step)
  const links = [...(log.now()?.invitations.keys() ?? [])]
  const link = links[step.choice % Math.max(1, links.length)] ?? keyIdOf(agreementKey('no link'))
  const role = roles[step.choice % 3] as Role
  const propose = (choice: Choice) =>
    membership(log, choice, { by, ...(step.isWrong && step.back === 0 ? { boxes: [] } : {}) })
  switch (step.kind) {
    case 'invited':
      return propose(invitation(`link ${log.length()}`, role))
    case 'withdrawn':
      return propose({ kind: 'invitation-withdrawn', invitation: link })
    case 'redeemed':
      return redemptionBy(log, actor, { invitationKeyId: link, device: actor.name + deviceNumber(actor, step.device) })
    case 'role':
      return propose({ kind: 'role', account: target.account, role })
    case 'removed':
      return propose({ kind: 'removed', account: target.account })
    case 'left':
      return propose({ kind: 'left' })
    case 'epoch':
      return propose(epochOf(step, links))
    case 'advanced': {
      const known = log.now()?.members.get(target.account)?.accountItems ?? 0
      return known === target.log.length() ? undefined : advance(log, target, by)
    }
    case 'envelope':
      return envelope(log, by, { seen: Math.max(0, log.length() - step.back), newFeed: step.isWrong })
    default:
      changeAccount(world, actor, step)
      return undefined
  }
}

/** Mostly a member. */
const targetOf = ({ log, accounts }: World, { target, isWrong }: Step): FakeAccount => {
  const members = accounts.filter(({ account }) => log.now()!.members.has(account))
  const candidates = isWrong ? accounts : members
  return candidates[target % candidates.length]!
}

const epochOf = ({ isWrong, back }: Step, links: readonly string[]): Choice => {
  const expired = back === 1 ? links.slice(0, 1) : []
  return isWrong && back > 3 ? { kind: 'epoch', expired, epoch: { recipients: links } } : { kind: 'epoch', expired }
}

const standing = ({ log, account }: FakeAccount): string[] =>
  [...log.now()!.members.get(account)!.devices.values()].map(({ name }) => name)
const deviceNumber = (account: FakeAccount, device: number): string => {
  const all = standing(account)
  return all[device % all.length]!.slice(account.name.length)
}

/** Mostly a standing device; sometimes the first, which may be gone. */
const authorOf = (account: FakeAccount, device: number): Author =>
  device === 2 ? account.by(`${account.name}1`) : account.by(account.name + deviceNumber(account, device))

const changeAccount = (world: World, account: FakeAccount, { kind, choice }: Step): void => {
  const devices = standing(account)
  const own = devices[choice % devices.length]!
  const other = devices.find((device) => device !== own)
  if (kind === 'device-added') account.add(`${account.name}${(world.devices += 1)}`, own)
  if (kind === 'device-removed' && other !== undefined) account.remove(other, own)
  if (kind === 'restored') account.restore(`${account.name}${(world.devices += 1)}`, [own])
}

/** Appends what the log accepts. */
export const take = (world: World, item: VerifiedItem | undefined): boolean => {
  if (item === undefined || world.log.check(item).kind !== 'ok') return false
  append(world.log, item)
  world.items.push(item)
  return true
}

/** The right to write at one place, written down apart from the checks. */
export const writesAt = (state: MembershipState | undefined, { account, device }: Author): boolean => {
  const member = state?.members.get(account)
  return member !== undefined && member.role !== 'viewer' && member.devices.has(device)
}
