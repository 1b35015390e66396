import { access, constants } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseFromTokenizer, type ICommonTagsResult } from 'music-metadata'
import { fromFile } from 'strtok3'
import { z } from 'zod'
import type { RawTags } from '../../ports/tag-reader.ts'
import { serveTasks } from '../process/serve-tasks.ts'

const taskSchema = z.object({ path: z.string(), openPath: z.string().optional() })
const maxPictureBytes = 32 * 1024 * 1024

const read = async (task: unknown): Promise<RawTags> => {
  const { path, openPath } = taskSchema.parse(task)
  const file = await fromFile(await permitted(openPath, path))
  // The library takes the format from the extension of this path.
  file.fileInfo.path = basename(path)
  try {
    const { common } = await parseFromTokenizer(file, { duration: false, includeChapters: false })
    return tagsIn(common)
  } finally {
    await file.close()
  }
}

/** A child may not open files of a parent whose program has capabilities of its own: then it opens the file by name. */
const permitted = async (openPath: string | undefined, path: string): Promise<string> => {
  if (openPath === undefined) return path
  return access(openPath, constants.R_OK).then(
    () => openPath,
    () => path,
  )
}

const tagsIn = (common: ICommonTagsResult): RawTags => {
  return { ...namesIn(common), ...idsIn(common), picture: pictureIn(common) }
}

const namesIn = (common: ICommonTagsResult): RawTags => ({
  title: common.title,
  artist: common.artist,
  artists: common.artists,
  albumArtist: common.albumartist,
  albumArtists: common.albumartists,
  album: common.album,
  disc: common.disk.no ?? undefined,
  position: common.track.no ?? undefined,
  year: common.year ?? yearOf(common.originaldate) ?? yearOf(common.date),
  label: common.label?.[0],
  isCompilation: common.compilation,
  releaseTypes: common.releasetype,
})

const idsIn = (common: ICommonTagsResult): RawTags => ({
  isrc: common.isrc,
  barcode: common.barcode,
  recordingMbid: common.musicbrainz_recordingid,
  releaseMbid: common.musicbrainz_albumid,
  artistMbids: common.musicbrainz_artistid,
  albumArtistMbids: common.musicbrainz_albumartistid,
})

const yearOf = (date: string | undefined): number | undefined => {
  const year = Number.parseInt(date?.slice(0, 4) ?? '', 10)
  return Number.isNaN(year) ? undefined : year
}

/** The front cover, else the first picture. */
const pictureIn = (common: ICommonTagsResult): RawTags['picture'] => {
  const pictures = (common.picture ?? []).filter(
    (picture) => picture.data.length > 0 && picture.data.length <= maxPictureBytes,
  )
  const chosen = pictures.find((picture) => picture.type === 'Cover (front)') ?? pictures[0]
  return chosen === undefined ? undefined : new Uint8Array(chosen.data)
}

serveTasks(read)
