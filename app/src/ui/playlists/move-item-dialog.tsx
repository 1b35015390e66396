import { Folder, House } from 'lucide-react'
import type { EntryId } from '@tonestead/crdt/ids'
import { flatNodes, mayGoInto } from '../../engine/playlists/playlist-tree.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Icon } from '../controls/icon.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { usePlaylistEdits } from './use-playlist-edits.ts'
import css from './playlist-dialog.module.css'

type MoveItemDialogProps = { id: EntryId; name: string; onClose: () => void }

/** Asks for the folder that a playlist or folder goes into. */
export const MoveItemDialog = ({ id, name, onClose }: MoveItemDialogProps) => {
  const { playlists } = useServices()
  const tree = useReadable(playlists.tree)
  const { moveItem, failed } = usePlaylistEdits()
  const nodes = tree.kind === 'open' ? tree.nodes : []
  const folders = flatNodes(nodes).flatMap(({ node }) =>
    node.kind === 'folder' && mayGoInto(nodes, id, node.id) ? [node] : [],
  )
  const go = (folder: EntryId | undefined, folderName: string) => {
    onClose()
    void moveItem(id, { folder }, `Moved ${name} to ${folderName}.`).catch(failed)
  }
  return (
    <Dialog label="Move to folder" shape="center" onClose={onClose}>
      <div className={css['form']}>
        <h2 className={css['title']}>
          Move <bdi>{name}</bdi> to
        </h2>
        <ul className={css['list']} aria-label="Folders">
          <li>
            <button type="button" className={css['choice']} onClick={() => go(undefined, 'the top')}>
              <span className={css['plus']}>
                <Icon of={House} />
              </span>
              No folder
            </button>
          </li>
          {folders.map((folder) => (
            <li key={folder.id}>
              <button type="button" className={css['choice']} onClick={() => go(folder.id, folder.name)}>
                <span className={css['plus']}>
                  <Icon of={Folder} />
                </span>
                <bdi>{folder.name}</bdi>
              </button>
            </li>
          ))}
        </ul>
        <div className={css['actions']}>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </div>
    </Dialog>
  )
}
