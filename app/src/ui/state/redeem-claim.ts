import type { AccountService } from '../../engine/account/account.ts'
import { cureOfProblem } from '../../engine/failures/failure-table.ts'

const notices = {
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

/** Redeems a claim code and returns the notice to show. */
export const redeemClaim = async (
  account: AccountService,
  code: string,
): Promise<(typeof notices)[keyof typeof notices]> => notices[await account.claim(code)]
