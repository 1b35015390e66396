import { parseFile, type ICommonTagsResult } from 'music-metadata'
import { z } from 'zod'
import type { RawTags } from '../../ports/tag-reader.ts'
import { serveTasks } from '../process/serve-tasks.ts'

const taskSchema = z.object({ path: z.string() })
const maxPictureBytes = 32 * 1024 * 1024

const read = async (task: unknown): Promise<RawTags> => {
  const { path } = taskSchema.parse(task)
  const { common } = await parseFile(path, { duration: false, includeChapters: false })
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
