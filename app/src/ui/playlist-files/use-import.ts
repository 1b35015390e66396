import { useEffect, useRef, useState } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import type { EntryMatch } from '../../engine/playlist-files/matching/match-entries.ts'
import { fileLimits, type FileEntry } from '../../engine/playlist-files/playlist-file.ts'
import type { PlaylistImport } from '../../engine/playlist-files/playlist-import.ts'
import { readPlaylistFile, type Unreadable } from '../../engine/playlist-files/read-playlist-file.ts'
import { useServices } from '../state/services-context.tsx'

/** `chosen`: tracks that the person chose, by the index of the entry. */
export type FoundEntries = {
  readonly title: string
  readonly matches: readonly EntryMatch[]
  readonly chosen: ReadonlyMap<number, Track>
  /** Entries beyond the limits. */
  readonly leftOut: number
}
type ImportState =
  | { readonly kind: 'choosing'; readonly failure?: Unreadable | 'not-read' }
  | { readonly kind: 'matching'; readonly title: string; readonly done: number; readonly total: number }
  | ({ readonly kind: 'found' } & FoundEntries)

type Matching = { readonly entries: readonly FileEntry[]; readonly title: string; readonly leftOut: number }

/** The steps of an import: a file is chosen, its entries are looked for, the person looks for the others. */
export const useImport = (playlistImport: PlaylistImport) => {
  const { log } = useServices()
  const [state, setState] = useState<ImportState>({ kind: 'choosing' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  /** Undefined when the dialog was closed meanwhile. */
  const match = async ({ entries, title }: Matching): Promise<readonly EntryMatch[] | undefined> => {
    const controller = new AbortController()
    running.current = controller
    setState({ kind: 'matching', title, done: 0, total: entries.length })
    const onProgress = (done: number): void =>
      setState((before) => (before.kind === 'matching' ? { ...before, done } : before))
    try {
      return await playlistImport.match(entries, { signal: controller.signal, onProgress })
    } catch (cause) {
      if (!controller.signal.aborted) log.child('ui').failed('the entries of a playlist were not matched')(cause)
      return controller.signal.aborted
        ? undefined
        : entries.map((entry): EntryMatch => ({ kind: 'unmatched', entry, reason: 'no-answer' }))
    }
  }
  const read = async (file: File): Promise<void> => {
    // A larger file is not loaded into memory.
    if (file.size > fileLimits.bytes) return void setState({ kind: 'choosing', failure: 'too-large' })
    const bytes = await file.arrayBuffer().catch(log.child('ui').failed('a playlist file was not read'))
    if (bytes === undefined) return void setState({ kind: 'choosing', failure: 'not-read' })
    const result = readPlaylistFile({ name: file.name, bytes: new Uint8Array(bytes) })
    if (result.kind === 'unreadable') return void setState({ kind: 'choosing', failure: result.reason })
    const title = result.playlist.title ?? (file.name.replace(/\.[a-z0-9]{2,5}$/i, '') || 'Imported playlist')
    const { leftOut } = result
    const matches = await match({ entries: result.playlist.entries, title, leftOut })
    if (matches !== undefined) setState({ kind: 'found', title, matches, chosen: new Map(), leftOut })
  }
  /** Asks again for the entries to which the server did not answer. */
  const again = async (): Promise<void> => {
    if (state.kind !== 'found') return
    const waiting = [...state.matches.entries()].filter(([, each]) => isUnanswered(each))
    const entries = waiting.map(([, { entry }]) => entry)
    const answers = await match({ entries, title: state.title, leftOut: state.leftOut })
    if (answers === undefined) return
    const byIndex = new Map(waiting.map(([index], place) => [index, answers[place]]))
    setState({ ...state, matches: state.matches.map((each, index) => byIndex.get(index) ?? each) })
  }
  const choose = (index: number, track: Track | undefined): void =>
    setState((before) => {
      if (before.kind !== 'found') return before
      const chosen = new Map(before.chosen)
      if (track === undefined) chosen.delete(index)
      else chosen.set(index, track)
      return { ...before, chosen }
    })
  return { state, read, again, choose }
}

export const isUnanswered = (match: EntryMatch): boolean => match.kind === 'unmatched' && match.reason === 'no-answer'
