import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { EntryId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { Created } from '../../engine/playlists/playlists.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { failureText } from './change-text.ts'
import { NameDialog } from './name-dialog.tsx'
import { usePlaylistEdits } from './use-playlist-edits.ts'

const ImportDialog = lazy(() =>
  import('../playlist-files/import-dialog.tsx').then(({ ImportDialog: dialog }) => ({ default: dialog })),
)

type Asked = { readonly kind: 'playlist' | 'folder' | 'import'; readonly folder: EntryId | undefined }

/** Asks for a name, or a playlist file, and creates a playlist or folder. `dialog` has to be drawn. */
export const useCreatePlaylist = (): { ask: (kind: Asked['kind'], folder?: EntryId) => void; dialog: ReactNode } => {
  const { playlists } = useServices()
  const { toasts } = useUiState()
  const { takeBack, failed } = usePlaylistEdits()
  const [, navigate] = useLocation()
  const [asked, setAsked] = useState<Asked>()
  const say = (made: Created, name: string): void => {
    if (made.kind !== 'created') return void toasts.show(failureText(made))
    toasts.show(`Created ${name}.`, takeBack(made.undo))
    if (asked?.kind !== 'folder') navigate(`/playlist/${made.id}`)
  }
  const createPlaylist = (title: string, tracks: readonly Track[] = []): void =>
    void playlists
      .create({ title, tracks, folder: asked?.folder })
      .then((made) => say(made, title))
      .catch(failed)
  const createFolder = (name: string): void =>
    void playlists
      .createFolder(name, asked?.folder)
      .then((made) => say(made, name))
      .catch(failed)
  const close = (): void => setAsked(undefined)
  return {
    ask: (kind, folder) => setAsked({ kind, folder }),
    dialog: asked && <AskDialog kind={asked.kind} {...{ createPlaylist, createFolder, close }} />,
  }
}

type AskDialogProps = {
  kind: Asked['kind']
  createPlaylist: (title: string, tracks?: readonly Track[]) => void
  createFolder: (name: string) => void
  close: () => void
}

const AskDialog = ({ kind, createPlaylist, createFolder, close }: AskDialogProps) => {
  const { playlistImport } = useServices()
  if (kind === 'import')
    return (
      <Suspense fallback={undefined}>
        <ImportDialog
          playlistImport={playlistImport}
          onImport={({ title, tracks }) => createPlaylist(title, tracks)}
          onClose={close}
        />
      </Suspense>
    )
  return kind === 'playlist' ? (
    <NameDialog
      title="Create playlist"
      initial="New playlist"
      submit="Create"
      onName={(name) => createPlaylist(name)}
      onClose={close}
    />
  ) : (
    <NameDialog title="Create folder" initial="New folder" submit="Create" onName={createFolder} onClose={close} />
  )
}
