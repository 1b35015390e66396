import { packedAnchor, packedToken } from '../listening/packed-playback.ts'
import { packedPlay } from '../listening/packed-play.ts'
import { packedArtist, packedRelease, packedTrack } from '../library/packed-saved.ts'
import { packedCover, packedPlaylistEntry } from '../playlists/packed-playlist.ts'
import { packedContext, packedQueueEntry } from '../queues/packed-queue.ts'
import { packedItem } from '../root/packed-item.ts'
import { maxDescriptionUnits, maxPackedUnits, maxSettingUnits, maxTitleUnits } from './document-limits.ts'
import { catalogIdPattern, keyIdPattern, type PackedText } from './packed-text.ts'

const slotId = /^[a-z2-7]{26}:[a-z2-7]{26}$/
const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text)
const packed =
  <T>({ isPacked }: PackedText<T>) =>
  (text: string): boolean =>
    text.length <= maxPackedUnits && isPacked(text)
/** A text that people write. A surrogate without its partner is no text: UTF-8 cannot hold it. */
const written =
  (maxUnits: number) =>
  (text: string): boolean =>
    text.length <= maxUnits && !/\p{Cs}/u.test(text)

/** [DC3] The forms of texts in documents. Each says whether a text is permitted. */
export const textFormats = {
  entryId: matches(catalogIdPattern),
  deviceId: matches(keyIdPattern),
  slotId: matches(slotId),
  /** The slot of an item of the root: the third part is the folder, empty at the top. */
  itemSlotId: matches(/^[a-z2-7]{26}:[a-z2-7]{26}:(?:[a-z2-7]{26})?$/),
  /** Server id and catalog id. */
  savedKey: matches(/^[A-Za-z0-9_-]{22}\/[a-z2-7]{26}$/),
  /** Instant in milliseconds (16 digits), intent id, place in the intent (4 digits). */
  playKey: matches(/^\d{16}-[a-z2-7]{26}-\d{4}$/),
  historyMonth: matches(/^[a-z2-7]{52}\/\d{4}-(?:0[1-9]|1[0-2])$/),
  shardCount: matches(/^(?:16|256)$/),
  settingName: matches(/^[a-zA-Z][a-zA-Z0-9.]{0,63}$/),
  settingValue: (text: string) => text.length <= maxSettingUnits && isJsonScalar(text),
  repeat: matches(/^(?:off|all|one)$/),
  title: written(maxTitleUnits),
  description: written(maxDescriptionUnits),
  playlistEntry: packed(packedPlaylistEntry),
  cover: packed(packedCover),
  queueEntry: packed(packedQueueEntry),
  context: packed(packedContext),
  token: packed(packedToken),
  anchor: packed(packedAnchor),
  play: packed(packedPlay),
  savedTrack: packed(packedTrack),
  savedRelease: packed(packedRelease),
  savedArtist: packed(packedArtist),
  item: packed(packedItem),
} as const
/** The name of a form of text. */
export type TextFormat = keyof typeof textFormats

const isJsonScalar = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'string' && /\p{Cs}/u.test(value)) return false
    return value !== null && typeof value !== 'object' && JSON.stringify(value) === text
  } catch {
    // Not JSON: the text is not permitted.
    return false
  }
}
