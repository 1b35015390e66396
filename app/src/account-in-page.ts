import { createMembership } from './engine/account/create-membership.ts'
import { deviceNameOf } from './engine/account/device-name.ts'
import type { MembershipDeps } from './engine/account/create-membership.ts'
import type { AccountMembership } from './engine/account/membership.ts'
import { createIdbDeviceStore } from './platform/browser-storage/idb-device-store.ts'
import type { Database } from './platform/browser-storage/open-database.ts'
import { accountChannel } from './platform/system/account-channel.ts'
import { openBroadcastChannel } from './platform/system/broadcast-tab-channel.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'

// Composition root of what changes the devices of the account. It is loaded when a person wants that.

type AccountParts = Pick<MembershipDeps, 'http' | 'documents' | 'account' | 'values' | 'log'> & {
  readonly database: Database
}

export const accountInPage = ({ database, ...parts }: AccountParts): AccountMembership =>
  createMembership({
    ...parts,
    ...{ clock, random, subtle: crypto.subtle },
    name: deviceNameOf(navigator.userAgent),
    devices: createIdbDeviceStore(database),
    onReplaced: () => {
      openBroadcastChannel(accountChannel).post('replaced')
      location.reload()
    },
  })
