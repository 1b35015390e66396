/** Why the server does not start: told to the person at the console as it is, without a stack. */
export class StartRefusal extends Error {
  override readonly name = 'StartRefusal'
  readonly code = 'start-refused'
}
