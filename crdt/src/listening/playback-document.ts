import { maxDevices } from '../documents/document-limits.ts'
import type { DraftTools } from '../documents/document-text.ts'
import type { Outcome } from '../documents/intent-outcome.ts'
import { putTexts, readMap, type TextMap } from '../documents/map-changes.ts'
import type { DeviceId, IntentId } from '../ids.ts'
import { packedAnchor, packedToken, type PlaybackAnchor, type Token } from './packed-playback.ts'

/**
 * Which device sounds, and where. Each device writes its own keys only: `tokens` maps a device to the highest `Token` that it granted or took, `anchors`
 * to its last `PlaybackAnchor`; both packed.
 */
export type PlaybackDocument = { v: number; tokens: TextMap; anchors: TextMap }

/** A change of the playback document, as plain data. `device` is the device that makes it. */
export type PlaybackIntent =
  | { readonly kind: 'grantToken'; readonly id: IntentId; readonly device: DeviceId; readonly token: Token }
  | { readonly kind: 'setAnchor'; readonly id: IntentId; readonly device: DeviceId; readonly anchor: PlaybackAnchor }

/** [PB3] Applies an intent to the draft of a playback document. */
export const applyPlaybackIntent = (
  draft: PlaybackDocument,
  intent: PlaybackIntent,
  tools: DraftTools<PlaybackDocument>,
): Outcome =>
  intent.kind === 'grantToken'
    ? putTexts(
        { map: draft.tokens, before: tools.before?.tokens, tools },
        new Map([[intent.device, packedToken.pack(intent.token)]]),
        {
          key: 'deviceId',
          value: 'token',
          maxKeys: maxDevices,
          isChanged: (present) => isBelow(packedToken.unpack(present), intent.token),
        },
      )
    : putTexts(
        { map: draft.anchors, before: tools.before?.anchors, tools },
        new Map([[intent.device, packedAnchor.pack(intent.anchor)]]),
        {
          key: 'deviceId',
          value: 'anchor',
          maxKeys: maxDevices,
          isChanged: (present) => (packedAnchor.unpack(present)?.epoch ?? 0) <= intent.anchor.epoch,
        },
      )

/** [PB1] Whether the first token is below the second: the epoch decides, then the device id. */
export const isBelow = (first: Token | undefined, second: Token): boolean =>
  first === undefined || first.epoch < second.epoch || (first.epoch === second.epoch && first.to < second.to)

/** [PB1] The token that counts: the highest of all devices. Undefined while nobody took one. */
export const currentToken = (playback: PlaybackDocument): Token | undefined =>
  [...readMap(playback.tokens, packedToken.unpack).values()].reduce<Token | undefined>(
    (highest, token) => (isBelow(highest, token) ? token : highest),
    undefined,
  )

/** [PB2] The last known position and whose it is: of the highest epoch, then of the highest device id. */
export const currentAnchor = (
  playback: PlaybackDocument,
): { readonly device: DeviceId; readonly anchor: PlaybackAnchor } | undefined => {
  const anchors = [...readMap(playback.anchors, packedAnchor.unpack)]
  const highest = anchors.toSorted(([a, first], [b, second]) => second.epoch - first.epoch || (a < b ? 1 : -1))[0]
  return highest && { device: highest[0] as DeviceId, anchor: highest[1] }
}
