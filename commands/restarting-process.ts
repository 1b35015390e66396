import { spawn, type ChildProcess } from 'node:child_process'
import { watch } from 'node:fs'

// Not `node --watch`: it makes Node post messages of its own to the parents of worker threads and of child processes, and the media
// server would read them as messages of its workers.

/** One edit causes several events. The restart waits until there was none for this long. */
const quietMs = 200

export type RestartingProcess = {
  /** Resolves when the process has ended. */
  stop(signal: NodeJS.Signals): Promise<void>
}

type RestartingOptions = {
  readonly args: readonly string[]
  readonly cwd: string
  /** Folders of sources; a change of a `.ts` file below one restarts the process. */
  readonly sources: readonly string[]
  readonly onRestart: (file: string) => void
}

/** Runs a Node program, and starts it again whenever one of its sources changes. A program that ended by itself waits for the next change. */
export const startRestartingProcess = ({ args, cwd, sources, onRestart }: RestartingOptions): RestartingProcess => {
  let child: ChildProcess | undefined
  let ended: Promise<void> = Promise.resolve()
  let isStopped = false
  let timer: NodeJS.Timeout | undefined

  const start = (): void => {
    if (isStopped) return
    // A process group of its own: Ctrl+C must reach the program once, through stop(), because a second signal ends it at once.
    const started = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    child = started
    ended = new Promise((resolve) => started.on('close', () => resolve()))
  }
  const restart = async (file: string): Promise<void> => {
    onRestart(file)
    child?.kill('SIGTERM')
    await ended
    start()
  }
  const watchers = sources.map((folder) =>
    watch(folder, { recursive: true }, (_event, file) => {
      if (file === null || !/(?<!\.test)\.ts$/.test(file)) return
      clearTimeout(timer)
      timer = setTimeout(() => void restart(file), quietMs)
    }),
  )
  start()
  return {
    stop: async (signal) => {
      isStopped = true
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
      child?.kill(signal)
      await ended
    },
  }
}
