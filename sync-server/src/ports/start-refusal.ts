/** The reason why the server does not start, for the operator: its message is printed as it is, without a stack. */
export class StartRefusal extends Error {
  override readonly name = 'StartRefusal'
  readonly code = 'start-refused'
}
