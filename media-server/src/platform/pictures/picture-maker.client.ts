import { z } from 'zod'
import { coverFormats, coverSizes } from '@tonestead/protocol/catalog'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { PictureMaker } from '../../ports/picture-maker.ts'
import { createTaskProcess, type TaskProcess } from '../process/task-process.ts'

const limits = { wallMs: 30_000, memoryBytes: 512 * 1024 * 1024 }

const madeSchema = z.object({
  pictures: z.array(
    z.object({
      size: z.literal(coverSizes),
      format: z.enum(coverFormats),
      bytes: z.custom<Bytes>((value) => value instanceof Uint8Array),
    }),
  ),
  color: z.string().regex(/^#[0-9a-f]{6}$/),
})

/** Runs sharp in a child process: its native decoders are a target of hostile pictures. `onFault` gets crashes and exceeded limits; a picture that sharp refuses is an expected outcome. */
export const createPictureMaker = (
  onFault: (message: string, fault: unknown) => void,
  child: TaskProcess = createTaskProcess(new URL('./picture-maker.main.ts', import.meta.url)),
): PictureMaker & { readonly stop: () => void } => ({
  make: async (picture, signal) => {
    const end = await child.run(picture, limits, signal)
    if (end.kind === 'crashed' || end.kind === 'over-limit')
      onFault('A cover could not be processed.', `${end.kind}${end.kind === 'over-limit' ? ` (${end.what})` : ''}`)
    const made = end.kind === 'done' ? madeSchema.safeParse(end.value) : undefined
    return made?.success === true ? made.data : undefined
  },
  stop: child.stop,
})
