/** The child's side of `createTaskChild`: answers every message; leaves when the parent is gone. */
export const answerTasks = (perform: (task: unknown) => Promise<unknown>): void => {
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
