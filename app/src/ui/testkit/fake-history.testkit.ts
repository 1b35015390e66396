import { parseDeviceId } from '@tonestead/crdt/ids'
import { parseDurationMs, parseUnixMs } from '@tonestead/crdt/instant'
import type { DocumentService } from '../../engine/documents/documents.ts'
import { newIntentId } from '../../engine/documents/new-intent-id.ts'
import { referenceOfTrack } from '../../engine/library/reference-of-track.ts'
import { monthOf } from '../../engine/listening/add-play.ts'
import { createHistory } from '../../engine/listening/create-history.ts'
import type { History } from '../../engine/listening/history.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import type { FakeCatalog } from './fake-catalog.testkit.ts'
import { fakeServerId } from './fake-saved.testkit.ts'

const hourMs = 3_600_000

/** A history over documents in memory, with plays of two devices in the last weeks. */
export const createFakeHistory = (documents: DocumentService, { releases }: FakeCatalog, isEmpty: boolean): History => {
  const random = createSeededRandom(2)
  const tracks = isEmpty ? [] : releases.slice(0, 12).flatMap((release) => release.tracks.slice(0, 4))
  for (const [index, track] of tracks.entries()) {
    const startedAt = parseUnixMs(Date.now() - Math.round(index ** 1.8 * 0.7 * hourMs) - 600_000)
    const device = parseDeviceId((index % 3 === 0 ? 'p' : 'd').repeat(52))
    const month = monthOf(startedAt)
    const play = { track: referenceOfTrack(track, fakeServerId), startedAt, playedMs: parseDurationMs(60_000) }
    void documents.edit(
      { address: { kind: 'root' } },
      { kind: 'addHistoryMonth', id: newIntentId(random), device, month },
    )
    void documents.edit<'history'>(
      { address: { kind: 'history', device, month } },
      { kind: 'addPlays', id: newIntentId(random), plays: [play] },
    )
  }
  return createHistory({ documents, random })
}
