import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median } from '../runner/rows.ts'

const run = promisify(execFile)

/** What another library takes to open a document from a file, in a process of its own each time: the median in milliseconds. */
export const measurePeer = async (program: string, file: string, repetitions: number): Promise<number> => {
  const times: number[] = []
  while (times.length < repetitions) {
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, program), file])
    times.push(Number(stdout))
  }
  return median(times)
}
