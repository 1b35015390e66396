import type { AccountService } from '../../engine/account/account.ts'
import type { AccountMembership } from '../../engine/account/membership.ts'

const never = new Promise<never>(() => undefined)

/** Shows a code that nobody types, and finds one new device by any code. */
export const createFakeMembership = ({ removeDevice }: Pick<AccountService, 'removeDevice'>): AccountMembership => ({
  offer: () => Promise.resolve({ kind: 'ready', value: { code: '7K3M-9QXT-0ABC-DEFG', outcome: never } }),
  takeOver: () => Promise.resolve(),
  find: () =>
    Promise.resolve({
      kind: 'found',
      device: {
        name: 'Safari on iPhone',
        add: () => Promise.resolve({ kind: 'full' }),
        decline: () => Promise.resolve(),
      },
    }),
  removeDevice,
})
