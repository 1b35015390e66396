import type { AccountService } from '../../engine/account/account.ts'
import { redeemClaim } from '../state/redeem-claim.ts'
import type { UiState } from '../state/ui-state.tsx'

/** Removes `#claim=CODE` from the address at once, so that the browser's history does not keep the code, and redeems it when the keys are there. */
export const claimFromAddress = async (account: AccountService, state: Pick<UiState, 'notice'>): Promise<void> => {
  const code = new URLSearchParams(location.hash.slice(1)).get('claim')
  if (code === null) return
  history.replaceState(history.state, '', location.pathname + location.search)
  await accountReady(account)
  if (account.view.get().kind === 'unavailable') return
  state.notice.set(await redeemClaim(account, code))
}

const accountReady = (account: AccountService): Promise<void> =>
  new Promise((resolve) => {
    const check = () => {
      if (account.view.get().kind === 'starting') return
      stop()
      resolve()
    }
    const stop = account.view.subscribe(check)
    check()
  })
