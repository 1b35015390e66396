import { X } from 'lucide-react'
import type { Track } from '@tonestead/protocol/catalog'
import type { PlaylistImport } from '../../engine/playlist-files/playlist-import.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProgressBar } from '../controls/progress-bar.tsx'
import { counted } from '../state/format-time.ts'
import { ChooseFile } from './choose-file.tsx'
import { ImportReport } from './import-report.tsx'
import { unreadableTexts } from './import-texts.ts'
import { useImport } from './use-import.ts'
import css from './import-dialog.module.css'

type ImportDialogProps = {
  playlistImport: PlaylistImport
  /** Gets the tracks that were found or chosen, in the order of the file. */
  onImport: (playlist: { readonly title: string; readonly tracks: readonly Track[] }) => void
  onClose: () => void
}

/** Reads a playlist file, finds its entries in the library, and lets the person search for the others. */
export const ImportDialog = ({ playlistImport, onImport, onClose }: ImportDialogProps) => {
  const { state, read, again, choose } = useImport(playlistImport)
  const done = (title: string, tracks: readonly Track[]) => {
    onImport({ title, tracks })
    onClose()
  }
  return (
    <Dialog label="Import playlist" shape="center" onClose={onClose}>
      <div className={css['dialog']}>
        <div className={css['head']}>
          <h2 className={css['title']}>Import playlist</h2>
          <IconButton label="Close" icon={X} onClick={onClose} />
        </div>
        {state.kind === 'choosing' ? (
          <>
            {state.failure === undefined ? undefined : (
              <Notice tone="bad" title={unreadableTexts[state.failure].title}>
                {unreadableTexts[state.failure].cure}
              </Notice>
            )}
            <ChooseFile onFile={(file) => void read(file)} />
          </>
        ) : undefined}
        {state.kind === 'matching' ? (
          <div className={css['matching']}>
            <p>
              Looking for {counted(state.total, 'entry', 'entries')} of <bdi>{state.title}</bdi> in the library.
            </p>
            <ProgressBar label="Entries looked for" value={state.done} max={state.total} />
            <div className={css['actions']}>
              <Button onClick={onClose}>Cancel</Button>
            </div>
          </div>
        ) : undefined}
        {state.kind === 'found' ? (
          <ImportReport
            {...state}
            find={playlistImport.find}
            onChoose={choose}
            onAgain={() => void again()}
            onImport={done}
          />
        ) : undefined}
      </div>
    </Dialog>
  )
}
