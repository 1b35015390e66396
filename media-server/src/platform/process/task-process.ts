import { fork, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** Memory is resident memory: a JavaScript runtime reserves far more address space than it uses. */
export type TaskLimits = { readonly wallMs: number; readonly memoryBytes: number }

export type TaskEnd =
  | { readonly kind: 'done'; readonly value: unknown }
  /** The program answered with a fault of its own. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'over-limit'; readonly what: 'time' | 'memory' }
  | { readonly kind: 'crashed' }

/** One task at a time in a child that is killed when it oversteps, and begun anew for the next task. */
export type TaskChild = {
  /** Rejects when `signal` aborts: the child is killed then. */
  run(task: unknown, limits: TaskLimits, signal: AbortSignal): Promise<TaskEnd>
  readonly stop: () => void
}

const memoryCheckMs = 100

/** `program` answers each message with `{ value }` or `{ error }`. */
export const createTaskChild = (program: URL): TaskChild => {
  let child: ChildProcess | undefined
  let queue: Promise<unknown> = Promise.resolve()
  const current = (): ChildProcess => {
    if (child?.connected !== true)
      child = fork(program, {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        env: { PATH: process.env['PATH'] ?? '' },
        execArgv: [],
      })
    return child
  }
  const stop = (): void => {
    child?.kill('SIGKILL')
    child = undefined
  }
  const run: TaskChild['run'] = (task, limits, signal) => {
    const turn = queue.then(async () => {
      signal.throwIfAborted()
      const end = await runOne(current(), { task, limits, signal })
      if (end.kind === 'over-limit' || end.kind === 'crashed' || signal.aborted) stop()
      signal.throwIfAborted()
      return end
    })
    queue = turn.catch(() => undefined)
    return turn
  }
  return { run, stop }
}

type OneTask = { readonly task: unknown; readonly limits: TaskLimits; readonly signal: AbortSignal }

const runOne = (child: ChildProcess, { task, limits, signal }: OneTask): Promise<TaskEnd> =>
  new Promise((resolve) => {
    const settle = (end: TaskEnd): void => {
      clearTimeout(timer)
      clearInterval(watch)
      child.off('message', onMessage).off('exit', onExit).off('error', onExit)
      signal.removeEventListener('abort', onExit)
      if (end.kind === 'over-limit') child.kill('SIGKILL')
      resolve(end)
    }
    const onMessage = (message: unknown): void => {
      settle(readAnswer(message))
    }
    const onExit = (): void => {
      settle({ kind: 'crashed' })
    }
    const timer = setTimeout(() => {
      settle({ kind: 'over-limit', what: 'time' })
    }, limits.wallMs)
    const watch = setInterval(() => {
      void residentBytes(child.pid).then((bytes) => {
        if (bytes > limits.memoryBytes) settle({ kind: 'over-limit', what: 'memory' })
      })
    }, memoryCheckMs)
    child.on('message', onMessage).on('exit', onExit).on('error', onExit)
    signal.addEventListener('abort', onExit)
    child.send(task as object)
  })

const readAnswer = (message: unknown): TaskEnd => {
  if (typeof message === 'object' && message !== null && 'error' in message)
    return { kind: 'failed', message: String(message.error) }
  return {
    kind: 'done',
    value: typeof message === 'object' && message !== null && 'value' in message ? message.value : undefined,
  }
}

/** 0 where the system does not tell (no /proc): the wall time must do there. */
const residentBytes = async (pid: number | undefined): Promise<number> => {
  if (pid === undefined) return 0
  try {
    const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1])
    return pages * 4096
  } catch {
    return 0
  }
}
