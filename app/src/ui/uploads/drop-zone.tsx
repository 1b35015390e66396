import { FolderUp, Upload } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import type { Uploads } from '../../engine/uploads/uploads.ts'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { useServices } from '../state/services-context.tsx'
import { classNames } from '../state/class-names.ts'
import { filesDropped, filesOf } from './chosen-files.ts'
import css from './drop-zone.module.css'

type DropZoneProps = { onFiles: (files: Parameters<Uploads['add']>[0]) => void }

// React's types do not have this attribute.
const folderOnly = { webkitdirectory: '' }

/** An area on which files and folders can be dropped; its buttons do the same. */
export const DropZone = ({ onFiles }: DropZoneProps) => {
  const { log } = useServices()
  const [isOver, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const over = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void filesDropped(event.dataTransfer, log.child('ui').failed('a dropped file was not read')).then(onFiles)
  }
  const take = (field: HTMLInputElement) => {
    onFiles(filesOf(field.files))
    // Without this, choosing the same file again causes no event.
    field.value = ''
  }
  return (
    <div
      className={classNames(css['zone'], isOver && css['over'])}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span className={css['picture']}>
        <Icon of={Upload} size={32} />
      </span>
      <p className={css['title']}>Drop recordings or folders here</p>
      <p className={css['text']}>
        FLAC, WAV, AIFF, MP3, AAC/M4A, Ogg Vorbis or Opus, up to 2 GiB each. Folders may be named “Artist/Album”.
      </p>
      <div className={css['actions']}>
        <Button look="primary" onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button icon={FolderUp} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        {...folderOnly}
        hidden
        aria-label="Folder to upload"
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  )
}
