import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { coverFormats, coverSizes, type Cover } from '@tonestead/protocol/catalog'
import type { CoverStore } from '../ports/cover-store.ts'
import type { OpenFilePath } from '../ports/open-file-path.ts'
import type { PictureMaker } from '../ports/picture-maker.ts'
import { openInPlace, type PlacedFile } from './open-in-place.ts'

export type CoverDeps = {
  readonly covers: Pick<CoverStore, 'put' | 'get'>
  readonly pictures: PictureMaker
  readonly openFilePath: OpenFilePath
  readonly onFault: (message: string, fault: unknown) => void
}

/** Stores the pictures made from a cover and returns its id and colour; undefined when the source has no usable picture. */
export type CoverFinder = {
  coverOf(source: PlacedFile & { readonly picture: Bytes | undefined }, signal: AbortSignal): Promise<Cover | undefined>
}

const maxPictureBytes = 32 * 1024 * 1024
const maxRemembered = 2000
/** In order of preference. A picture in the folder belongs to the whole release, so it comes before a picture inside one track. */
const folderNames = ['cover', 'folder', 'front', 'album', 'albumart']
const pictureFile = /^(.+)\.(?:jpe?g|png|webp|gif|avif)$/i

/** Which of the names in a folder is the picture of the release. */
export const chooseFolderPicture = (names: readonly string[]): string | undefined => {
  const pictures = names.filter((name) => pictureFile.test(name)).toSorted()
  return folderNames.flatMap((wanted) =>
    pictures.filter((name) => pictureFile.exec(name)?.[1]?.toLowerCase() === wanted),
  )[0]
}

export const createCoverFinder = (deps: CoverDeps): CoverFinder => {
  // The tracks of a release contain the same picture: it is processed once. Bounded; a forgotten picture is processed again.
  const remembered = new Map<string, Promise<Cover | undefined>>()
  return {
    coverOf: async ({ path, name, picture }, signal) => {
      for (const bytes of [await folderPicture(deps, { path, name }, signal), picture]) {
        if (bytes === undefined) continue
        const id = createHash('sha256').update(bytes).digest('hex')
        // After it has settled: while it runs, its pictures are not there yet.
        const earlier = await remembered.get(id)?.catch(() => undefined)
        const known = earlier === undefined || (await hasPictures(deps, id)) ? remembered.get(id) : undefined
        const made = known ?? makeCover(deps, { id, bytes }, signal)
        remembered.set(id, made)
        if (remembered.size > maxRemembered) remembered.delete(remembered.keys().next().value ?? '')
        const cover = await made.catch((fault: unknown) => {
          remembered.delete(id)
          throw fault
        })
        if (cover !== undefined) return cover
      }
      return undefined
    },
  }
}

/** False when a picture is lost on the disk: it is made again then. */
const hasPictures = async ({ covers }: CoverDeps, id: string): Promise<boolean> => {
  for (const size of coverSizes)
    for (const format of coverFormats)
      if ((await covers.get({ id: parseChunkId(id), size, format })) === undefined) return false
  return true
}

const makeCover = async (
  deps: CoverDeps,
  picture: { id: string; bytes: Bytes },
  signal: AbortSignal,
): Promise<Cover | undefined> => {
  const made = await deps.pictures.make(picture.bytes, signal)
  if (made === undefined) return undefined
  const id = parseChunkId(picture.id)
  for (const { size, format, bytes } of made.pictures) await deps.covers.put({ id, size, format }, bytes)
  return { id, color: made.color }
}

const folderPicture = async (
  { onFault, openFilePath }: CoverDeps,
  { path, name }: PlacedFile,
  signal: AbortSignal,
): Promise<Bytes | undefined> => {
  const folder = dirname(path)
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const chosen = chooseFolderPicture(entries.filter((entry) => entry.isFile()).map((entry) => entry.name))
    if (chosen === undefined) return undefined
    const placed = { path: join(folder, chosen), name: join(dirname(name), chosen) }
    await using file = await openInPlace(placed, openFilePath, signal)
    const stats = await file.stat()
    const { size } = stats
    return stats.isFile() && size > 0 && size <= maxPictureBytes ? new Uint8Array(await file.readFile()) : undefined
  } catch (fault) {
    signal.throwIfAborted()
    // A track is better published without a cover than not at all.
    onFault('The cover in the folder could not be read; the track is published without it.', fault)
    return undefined
  }
}
