import { FileMusic } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import css from './import-dialog.module.css'

/** A button that opens the file picker of the system; a file can be dropped too. */
export const ChooseFile = ({ onFile }: { onFile: (file: File) => void }) => {
  const field = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const file = files?.[0]
    if (file !== undefined) onFile(file)
    // Without this, choosing the same file again causes no event.
    if (field.current !== null) field.current.value = ''
  }
  const over = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    <div
      className={css['zone']}
      data-over={isOver ? '' : undefined}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon of={FileMusic} size={32} />
      <p>Choose a playlist file of another player: M3U, M3U8, XSPF or JSPF.</p>
      <p className={css['muted']}>It is read on this device. What is not in the library, you can search for.</p>
      <Button look="primary" onClick={() => field.current?.click()}>
        Choose a file
      </Button>
      <input
        ref={field}
        type="file"
        hidden
        accept=".m3u,.m3u8,.xspf,.jspf,.json"
        aria-label="Playlist file"
        onChange={(event) => take(event.currentTarget.files)}
      />
    </div>
  )
}
