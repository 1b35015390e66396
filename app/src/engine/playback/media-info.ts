import { coverSizes, type Track } from '@tonestead/protocol/catalog'
import type { MediaInfo } from '../../ports/media-controls.ts'

/** What the lock screen shows of a track. JPEG, since not every system shows WebP there. */
export const mediaInfoOf = (track: Track): MediaInfo => {
  const cover = track.release.cover
  return {
    title: track.title,
    artist: track.credits.map((credit) => credit.name + credit.join).join(''),
    album: track.release.title,
    artwork:
      cover === undefined
        ? []
        : coverSizes.map((size) => ({
            src: `/covers/${cover.id}/${size}.jpg`,
            sizes: `${size}x${size}`,
            type: 'image/jpeg',
          })),
  }
}
