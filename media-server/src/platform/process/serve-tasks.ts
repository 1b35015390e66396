/** Runs in the program that `createTaskProcess` starts: performs each message as a task and sends the result back. Exits when the parent process is gone. */
export const serveTasks = (perform: (task: unknown) => Promise<unknown>): void => {
  process.on('message', (task) => {
    void perform(task).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
    )
  })
  process.on('disconnect', () => {
    process.exit(0)
  })
}
