// Runs in a child process that its parent kills when it has answered. node-av is native code that reads hostile files; and its synchronous calls, which take half
// the time of the asynchronous ones, crash when the process ends by itself. Nothing is freed here for the same reason.
import { serveTasks } from '../process/serve-tasks.ts'
import { probeWithNodeAv } from './node-av-probe.ts'
import { encodeWithNodeAv } from './node-av-encode.ts'
import { nodeAvTaskSchema } from './node-av-messages.ts'

serveTasks(async (task) => {
  const parsed = nodeAvTaskSchema.parse(task)
  return parsed.kind === 'probe' ? probeWithNodeAv(parsed) : encodeWithNodeAv(parsed)
})
