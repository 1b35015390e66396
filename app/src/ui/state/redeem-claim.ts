import type { AccountService } from '../../engine/account/account.ts'

const notices = {
  claimed: { tone: 'good', text: 'You are the administrator of this server now.' },
  'claim-invalid': {
    tone: 'bad',
    text: 'This claim link is not valid any more. The console of the server shows the current one.',
  },
  'already-claimed': { tone: 'bad', text: 'This server has an administrator already. Ask that person for access.' },
  offline: { tone: 'bad', text: 'The server does not answer. Open the claim link again when it does.' },
} as const

/** Redeems a claim code and returns the notice to show. */
export const redeemClaim = async (
  account: AccountService,
  code: string,
): Promise<(typeof notices)[keyof typeof notices]> => notices[await account.claim(code)]
