import { LockKeyhole } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { IngestItem } from '@tonestead/protocol/ingest'
import type { Uploads, UploadRow } from '../../engine/uploads/uploads.ts'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { Notice } from '../controls/notice.tsx'
import { Switch } from '../controls/switch.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import { counted } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { DropZone } from '../uploads/drop-zone.tsx'
import { UploadList } from '../uploads/upload-list.tsx'
import page from '../layout/page.module.css'
import css from './import-page.module.css'
import upload from './upload-page.module.css'

/** Uploads files to the server, for accounts with the right to upload. */
export const UploadPage = () => {
  usePageTitle('Upload')
  const account = useReadable(useServices().account.view)
  const rights = account.kind === 'ready' ? account.rights : []
  const mayUpload = rights.includes('upload')
  return (
    <div className={page['page']}>
      <div className={css['column']}>
        <div className={page['head']}>
          <h1 className={page['title']}>Upload</h1>
        </div>
        {mayUpload ? <Uploading mayPublish={rights.includes('publish')} /> : undefined}
        {!mayUpload && account.kind !== 'starting' ? (
          <EmptyState picture={<Icon of={LockKeyhole} size={40} />} title="This account may not upload here">
            The administrator of the server can give it the right.
          </EmptyState>
        ) : undefined}
      </div>
    </div>
  )
}

const Uploading = ({ mayPublish }: { mayPublish: boolean }) => {
  const { uploads, ingest, isOnline: online, log } = useServices()
  const { toasts } = useUiState()
  // Private again at each visit of the page, so that nothing becomes public because of an earlier choice.
  const [isForEveryone, setForEveryone] = useState(false)
  const rows = useReadable(uploads.view)
  const isOnline = useReadable(online)
  const ingestView = useReadable(ingest.view)
  const ingestStates = useMemo(
    () =>
      new Map<string, IngestItem['state']>(
        ingestView.kind === 'watching' ? ingestView.items.toReversed().map(({ name, state }) => [name, state]) : [],
      ),
    [ingestView],
  )
  const add = async (files: Parameters<Uploads['add']>[0]): Promise<void> => {
    const { leftOut } = await uploads.add(files, { isPublic: mayPublish && isForEveryone })
    if (leftOut > 0) toasts.show(`${counted(leftOut, 'file')} beside the recordings left out.`)
  }
  return (
    <>
      {mayPublish ? (
        <div className={upload['choice']}>
          <Switch
            label="Everyone who opens this server may listen"
            hint="For the files that you add from now on. When it is off, only accounts with the right to listen may."
            isOn={isForEveryone}
            onChange={setForEveryone}
          />
        </div>
      ) : undefined}
      <DropZone onFiles={(files) => void add(files).catch(log.child('ui').failed('the files were not added'))} />
      {isOnline || !rows.some(isUnderWay) ? undefined : (
        <div className={upload['offline']}>
          <Notice tone="info" title="The server does not answer">
            The upload goes on by itself, from where it was, when it does. Leave this window open.
          </Notice>
        </div>
      )}
      {rows.length === 0 ? undefined : (
        <section className={css['list']} aria-labelledby="uploads">
          <h2 id="uploads" className={page['subtitle']} aria-live="polite">
            {headlineOf(rows)}
          </h2>
          <UploadList
            rows={rows}
            isOnline={isOnline}
            ingestStates={ingestStates}
            onRetry={(id) => uploads.retry(id)}
            onRemove={(id) => uploads.remove(id)}
          />
        </section>
      )}
    </>
  )
}

const isUnderWay = ({ state }: UploadRow): boolean => state.kind === 'waiting' || state.kind === 'sending'

const headlineOf = (rows: readonly UploadRow[]): string => {
  const left = rows.filter(isUnderWay).length
  return left === 0
    ? `${counted(rows.filter((row) => row.state.kind === 'received').length, 'file')} uploaded`
    : `${counted(left, 'file')} to go`
}
