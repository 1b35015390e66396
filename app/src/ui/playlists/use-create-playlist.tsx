import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { EntryId } from '@tonestead/crdt/ids'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { failureText } from './change-text.ts'
import { NameDialog } from './name-dialog.tsx'
import { usePlaylistEdits } from './use-playlist-edits.ts'

type Asked = { readonly kind: 'playlist' | 'folder'; readonly folder: EntryId | undefined }

/** Asks for a name and creates a playlist or folder. `dialog` has to be drawn. */
export const useCreatePlaylist = (): { ask: (kind: Asked['kind'], folder?: EntryId) => void; dialog: ReactNode } => {
  const { playlists } = useServices()
  const { toasts } = useUiState()
  const { takeBack, failed } = usePlaylistEdits()
  const [, navigate] = useLocation()
  const [asked, setAsked] = useState<Asked>()
  const create = async ({ kind, folder }: Asked, name: string): Promise<void> => {
    const made =
      kind === 'playlist' ? await playlists.create({ title: name, folder }) : await playlists.createFolder(name, folder)
    if (made.kind !== 'created') return void toasts.show(failureText(made))
    toasts.show(`Created ${name}.`, takeBack(made.undo))
    if (kind === 'playlist') navigate(`/playlist/${made.id}`)
  }
  return {
    ask: (kind, folder) => setAsked({ kind, folder }),
    dialog:
      asked === undefined ? undefined : (
        <NameDialog
          title={asked.kind === 'playlist' ? 'Create playlist' : 'Create folder'}
          initial={asked.kind === 'playlist' ? 'New playlist' : 'New folder'}
          submit="Create"
          onName={(name) => void create(asked, name).catch(failed)}
          onClose={() => setAsked(undefined)}
        />
      ),
  }
}
