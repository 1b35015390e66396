import { FileOutput } from 'lucide-react'
import type { PlaylistFormat } from '../../engine/playlist-files/playlist-file.ts'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Icon } from '../controls/icon.tsx'
import { downloadFile } from '../state/download-file.ts'
import { useServices } from '../state/services-context.tsx'
import css from './playlist-dialog.module.css'

const formats: readonly (readonly [format: PlaylistFormat, name: string, hint: string])[] = [
  ['m3u8', 'M3U8', 'For most players'],
  ['xspf', 'XSPF', 'Also keeps ids and ISRCs, so songs are found again with certainty'],
  ['jspf', 'JSPF', 'The same as JSON'],
]

/** Asks for the format of the file and downloads it. */
export const ExportDialog = ({ playlist, onClose }: { playlist: OpenPlaylist; onClose: () => void }) => {
  const { log } = useServices()
  const write = async (format: PlaylistFormat): Promise<void> => {
    onClose()
    const { exportPlaylist } = await import('../../engine/playlist-files/write-playlist-file.ts')
    const tracks = playlist.entries.flatMap(({ item }) => (item === undefined ? [] : [item.track]))
    downloadFile(exportPlaylist({ title: playlist.title, tracks }, { format, origin: location.origin }))
  }
  return (
    <Dialog label="Export playlist" shape="center" onClose={onClose}>
      <div className={css['form']}>
        <h2 className={css['title']}>
          Export <bdi>{playlist.title}</bdi>
        </h2>
        <ul className={css['list']}>
          {formats.map(([format, name, hint]) => (
            <li key={format}>
              <button
                type="button"
                className={css['choice']}
                onClick={() => void write(format).catch(log.child('ui').failed('a playlist was not exported'))}
              >
                <span className={css['plus']}>
                  <Icon of={FileOutput} size={18} />
                </span>
                <span className={css['words']}>
                  <span>{name}</span>
                  <span className={css['hint']}>{hint}</span>
                </span>
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
