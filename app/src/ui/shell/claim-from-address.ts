import type { AccountService } from '../../engine/account/account.ts'
import { cureOfProblem } from '../../engine/failures/failure-table.ts'
import type { UiState } from '../state/ui-state.tsx'

const words = {
  claimed: { tone: 'good', text: 'You are the administrator of this server now.' },
  'claim-invalid': {
    tone: 'bad',
    text: `This claim link is not valid any more. ${cureOfProblem('claim-invalid')}`,
  },
  'already-claimed': {
    tone: 'bad',
    text: `This server has an administrator already. ${cureOfProblem('already-claimed')}`,
  },
  offline: { tone: 'bad', text: 'The server does not answer. Open the claim link again when it does.' },
} as const

export const claimWith = async (account: AccountService, code: string): Promise<(typeof words)[keyof typeof words]> =>
  words[await account.claim(code)]

/** Takes `#claim=CODE` from the address at once, so that the code stays in no history, and redeems it when there are keys. */
export const claimFromAddress = async (account: AccountService, state: Pick<UiState, 'notice'>): Promise<void> => {
  const code = new URLSearchParams(location.hash.slice(1)).get('claim')
  if (code === null) return
  history.replaceState(history.state, '', location.pathname + location.search)
  await accountReady(account)
  if (account.view.get().kind === 'unavailable') return
  state.notice.set(await claimWith(account, code))
}

const accountReady = (account: AccountService): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (account.view.get().kind === 'starting') return
      stop()
      resolve()
    }
    const stop = account.view.subscribe(look)
    look()
  })
