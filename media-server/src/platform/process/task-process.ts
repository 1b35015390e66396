import { fork, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** `memoryBytes` limits resident memory: a JavaScript runtime reserves far more address space than it uses. */
export type TaskLimits = { readonly wallMs: number; readonly memoryBytes: number }

export type TaskResult =
  | { readonly kind: 'done'; readonly value: unknown }
  /** The program reported an error. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'over-limit'; readonly what: 'time' | 'memory' }
  | { readonly kind: 'crashed' }

/** Runs one task at a time in a child process. A child that exceeds its limits is killed; the next task gets a new one. */
export type TaskProcess = {
  /** Rejects when `signal` aborts: the child is killed then. */
  run(task: unknown, limits: TaskLimits, signal: AbortSignal): Promise<TaskResult>
  readonly stop: () => void
}

const memoryCheckMs = 100

/** `program` calls `serveTasks`: it answers each message with `{ value }` or `{ error }`. `inherited`: a descriptor of this process that the child gets as its descriptor 4. */
export const createTaskProcess = (program: URL, inherited?: number): TaskProcess => {
  let child: ChildProcess | undefined
  let queue: Promise<unknown> = Promise.resolve()
  const current = (): ChildProcess => {
    if (child?.connected !== true)
      child = fork(program, {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc', ...(inherited === undefined ? [] : [inherited])],
        env: { PATH: process.env['PATH'] ?? '' },
        execArgv: [],
      })
    return child
  }
  const stop = (): void => {
    child?.kill('SIGKILL')
    child = undefined
  }
  const run: TaskProcess['run'] = (task, limits, signal) => {
    const result = queue.then(async () => {
      signal.throwIfAborted()
      const end = await runOne(current(), { task, limits, signal })
      if (end.kind === 'over-limit' || end.kind === 'crashed' || signal.aborted) stop()
      signal.throwIfAborted()
      return end
    })
    // The caller gets a rejection through `result`; the queue only needs the order.
    queue = result.catch(() => undefined)
    return result
  }
  return { run, stop }
}

type OneTask = { readonly task: unknown; readonly limits: TaskLimits; readonly signal: AbortSignal }

const runOne = (child: ChildProcess, { task, limits, signal }: OneTask): Promise<TaskResult> =>
  new Promise((resolve) => {
    const settle = (result: TaskResult): void => {
      clearTimeout(timer)
      clearInterval(memoryTimer)
      child.off('message', onMessage).off('exit', onExit).off('error', onExit)
      signal.removeEventListener('abort', onExit)
      if (result.kind === 'over-limit') child.kill('SIGKILL')
      resolve(result)
    }
    const onMessage = (message: unknown): void => {
      settle(readResult(message))
    }
    const onExit = (): void => {
      settle({ kind: 'crashed' })
    }
    const timer = setTimeout(() => {
      settle({ kind: 'over-limit', what: 'time' })
    }, limits.wallMs)
    const memoryTimer = setInterval(() => {
      void residentBytes(child.pid).then((bytes) => {
        if (bytes > limits.memoryBytes) settle({ kind: 'over-limit', what: 'memory' })
      })
    }, memoryCheckMs)
    child.on('message', onMessage).on('exit', onExit).on('error', onExit)
    signal.addEventListener('abort', onExit)
    child.send(task as object)
  })

const readResult = (message: unknown): TaskResult => {
  if (typeof message === 'object' && message !== null && 'error' in message)
    return { kind: 'failed', message: String(message.error) }
  return {
    kind: 'done',
    value: typeof message === 'object' && message !== null && 'value' in message ? message.value : undefined,
  }
}

/** Returns 0 where the system does not report it (no /proc) or the process has just ended: only the wall time is limited there. */
const residentBytes = async (pid: number | undefined): Promise<number> => {
  if (pid === undefined) return 0
  try {
    const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1])
    return pages * 4096
  } catch {
    return 0
  }
}
