/** An invariant that does not hold. */
export class Violation extends Error {
  readonly code = 'violation'
  readonly invariant: string
  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`)
    this.invariant = invariant
  }
}

export const requireThat = (holds: boolean, invariant: string, message: string): void => {
  if (!holds) throw new Violation(invariant, message)
}
