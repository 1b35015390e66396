import { FolderSearch, LockKeyhole, RefreshCw } from 'lucide-react'
import type { IngestItem, IngestSummary } from '@tonestead/protocol/ingest'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { Notice } from '../controls/notice.tsx'
import { ProgressBar } from '../controls/progress-bar.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import { counted, formatBytes } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { MissingFiles } from './missing-files.tsx'
import page from '../layout/page.module.css'
import css from './import-page.module.css'

/** For the administrator: the state of every file of the import. */
export const ImportPage = () => {
  usePageTitle('Import')
  const { ingest, account } = useServices()
  const isStarting = useReadable(account.view).kind === 'starting'
  const { toasts } = useUiState()
  const view = useReadable(ingest.view)
  const scan = async () => {
    const messages = {
      started: 'Looking through the folder again.',
      'not-permitted': 'This account may not start a scan.',
      offline: 'The server does not answer. Try again when it does.',
    } as const
    toasts.show(messages[await ingest.scanAgain()])
  }
  return (
    <div className={page['page']}>
      <div className={css['column']}>
        <div className={page['head']}>
          <h1 className={page['title']}>Import</h1>
          {view.kind === 'watching' ? (
            <Button icon={RefreshCw} onClick={() => void scan()}>
              Scan again
            </Button>
          ) : undefined}
        </div>
        {view.kind === 'hidden' && !isStarting ? (
          <EmptyState picture={<Icon of={LockKeyhole} size={40} />} title="This page is for the administrator">
            The claim link in the console of the server makes its first administrator.
          </EmptyState>
        ) : undefined}
        {view.kind === 'offline' ? (
          <Notice tone="info" title="The server does not answer">
            Its progress appears here again when it does. Nothing that was read is lost.
          </Notice>
        ) : undefined}
        {view.kind === 'watching' ? <Watching summary={view.summary} items={view.items} /> : undefined}
      </div>
    </div>
  )
}

const Watching = ({ summary, items }: { summary: IngestSummary; items: readonly IngestItem[] }) => {
  if (summary.found === 0) {
    return (
      <EmptyState picture={<Icon of={FolderSearch} size={40} />} title="No files found yet">
        Start the server with a folder, <code>npm start -- ~/Music</code>, or put files into the one it was given, then
        scan again.
      </EmptyState>
    )
  }
  const isDiskTooSmall = summary.estimatedBytes > summary.freeBytes
  return (
    <>
      <section className={css['card']} aria-label="Progress">
        <ProgressBar label="Playable" value={summary.playable} max={Math.max(1, summary.found - summary.refused)} />
        <dl className={css['counts']}>
          <Count name="Found" value={summary.found} />
          <Count name="Playable" value={summary.playable} />
          <Count name="All qualities" value={summary.complete} />
          <Count name="Waiting" value={summary.waiting + summary.working} />
          <Count name="Not readable" value={summary.refused} />
        </dl>
        <p className={page['muted']}>
          Needs about {formatBytes(summary.estimatedBytes)} in all; {formatBytes(summary.freeBytes)} are free.
        </p>
        {isDiskTooSmall ? (
          <Notice tone="bad" title="The disk of the server will be full before the end">
            Free some space. What is playable stays playable, and the import goes on by itself.
          </Notice>
        ) : undefined}
        {summary.lost > 0 ? (
          <Notice tone="bad" title={`${summary.lost} recordings are damaged on the disk of the server`}>
            Their files are not where they were. Put the files back, then scan again: the recordings are made again.
          </Notice>
        ) : undefined}
        {summary.beingRepaired > 0 ? (
          <Notice tone="info" title={`${summary.beingRepaired} recordings are being made again`}>
            Part of their audio was damaged or missing on the disk of the server.
          </Notice>
        ) : undefined}
      </section>
      <MissingFiles summary={summary} />
      <Failures items={items} />
      <Working items={items} />
    </>
  )
}

const Count = ({ name, value }: { name: string; value: number }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value.toLocaleString('en')}</dd>
  </div>
)

const Failures = ({ items }: { items: readonly IngestItem[] }) => {
  const refused = items.flatMap(({ id, name, state }) => (state.kind === 'refused' ? [{ id, name, ...state }] : []))
  if (refused.length === 0) return undefined
  return (
    <section className={css['list']} aria-labelledby="failures">
      <h2 id="failures" className={page['subtitle']}>
        {counted(refused.length, 'file')} could not be read
      </h2>
      <ul>
        {refused.map((file) => (
          <li key={file.id} className={css['failure']}>
            <p className={css['file']}>
              <bdi>{file.name}</bdi>
            </p>
            <p>
              <strong>{file.title}.</strong> {file.cure}
            </p>
            {file.detail === undefined ? undefined : <p className={page['muted']}>{file.detail}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

const stepNames = {
  waiting: 'Waiting',
  probing: 'Reading tags',
  encoding: 'Encoding',
  sealing: 'Sealing',
  publishing: 'Publishing',
} as const

const Working = ({ items }: { items: readonly IngestItem[] }) => {
  const working = items.flatMap(({ id, name, state }) =>
    state.kind === 'working' ? [{ id, name, step: state.step }] : [],
  )
  if (working.length === 0) return undefined
  return (
    <section className={css['list']} aria-labelledby="working">
      <h2 id="working" className={page['subtitle']}>
        In work
      </h2>
      <ul>
        {working.map((file) => (
          <li key={file.id} className={css['work']}>
            <bdi className={css['file']}>{file.name}</bdi>
            <span className={css['step']}>{stepNames[file.step]}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
