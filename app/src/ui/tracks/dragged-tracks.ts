import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import * as z from 'zod/mini'

/** Tracks of this server that are dragged, also to another tab. `what`: a title, or how many. */
export type DraggedTracks = { readonly what: string; readonly ids: readonly TrackId[] }

const type = 'application/x-tonestead-tracks'
const mostDragged = 10_000
const draggedSchema = z.object({
  what: z.string().check(z.maxLength(1_000)),
  ids: z.array(z.pipe(z.string(), z.transform(parseTrackId))).check(z.minLength(1), z.maxLength(mostDragged)),
})

export const putDragged = (data: DataTransfer, { what, ids }: DraggedTracks): void => {
  data.effectAllowed = 'copy'
  data.setData(type, JSON.stringify({ what, ids: ids.slice(0, mostDragged) }))
}

/** While something is dragged, a page may know its types only. */
export const hasDragged = (data: DataTransfer): boolean => data.types.includes(type)

/** Undefined when it is something else, or comes from another page that has written nonsense. */
export const readDragged = (data: DataTransfer): DraggedTracks | undefined => {
  try {
    const parsed = draggedSchema.safeParse(JSON.parse(data.getData(type)))
    return parsed.success ? parsed.data : undefined
  } catch {
    // Not JSON, or not an id.
    return undefined
  }
}
