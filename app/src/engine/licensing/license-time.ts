/** Now, but never earlier than the latest server time that was signed for this device: a clock that is set back does not lengthen a license. */
export const trustedNow = (latestIssue: number, now: number): number => Math.max(latestIssue, now)

export const isUsable = (held: { readonly expiresAt: number }, latestIssue: number, now: number): boolean =>
  trustedNow(latestIssue, now) < held.expiresAt
