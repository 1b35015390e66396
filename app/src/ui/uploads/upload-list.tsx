import { RotateCw, X } from 'lucide-react'
import type { IngestItem } from '@tonestead/protocol/ingest'
import type { UploadRow } from '../../engine/uploads/uploads.ts'
import { IconButton } from '../controls/icon-button.tsx'
import { ProgressBar } from '../controls/progress-bar.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { formatBytes } from '../state/format-time.ts'
import hidden from '../controls/visually-hidden.module.css'
import css from './upload-list.module.css'

type UploadListProps = {
  rows: readonly UploadRow[]
  isOnline: boolean
  ingestStates: ReadonlyMap<string, IngestItem['state']>
  onRetry: (id: number) => void
  onRemove: (id: number) => void
}

export const UploadList = ({ rows, isOnline, ingestStates, onRetry, onRemove }: UploadListProps) => (
  <div className={css['scroller']}>
    <table className={css['table']}>
      <caption className={hidden['visuallyHidden']}>Files of this upload</caption>
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col" className={css['size']}>
            Size
          </th>
          <th scope="col">State</th>
          <th scope="col">
            <span className={hidden['visuallyHidden']}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <bdi>{row.name}</bdi>
              {row.isPublic ? <span className={css['public']}>Public</span> : undefined}
            </th>
            <td className={css['size']}>{formatBytes(row.sizeBytes)}</td>
            <td className={css['state']}>
              <State row={row} isOnline={isOnline} ingestState={ingestStates.get(row.name)} />
            </td>
            <td className={css['actions']}>
              {row.state.kind === 'failed' && row.state.mayRetry ? (
                <IconButton
                  label={`Try ${row.name} again`}
                  icon={RotateCw}
                  look="small"
                  onClick={() => onRetry(row.id)}
                />
              ) : undefined}
              <IconButton
                label={
                  row.state.kind === 'sending' || row.state.kind === 'waiting'
                    ? `Do not upload ${row.name}`
                    : `Take ${row.name} off the list`
                }
                icon={X}
                look="small"
                onClick={() => onRemove(row.id)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const State = ({
  row,
  isOnline,
  ingestState,
}: {
  row: UploadRow
  isOnline: boolean
  ingestState: IngestItem['state'] | undefined
}) => {
  const { state } = row
  if (state.kind === 'waiting') return <>{isOnline ? 'Waiting' : 'Waits for the server'}</>
  if (state.kind === 'failed') return <Failure title={state.title} cure={state.cure} />
  if (state.kind === 'received') return <IngestProgress state={ingestState} />
  return (
    <span className={css['progress']}>
      <ProgressBar label={`Upload of ${row.name}`} value={state.percent} max={100} />
      <span className={css['percent']}>{state.percent} %</span>
    </span>
  )
}

/** The state of the file at the ingest of the server, when this account may see it. */
const IngestProgress = ({ state }: { state: IngestItem['state'] | undefined }) => {
  if (state?.kind === 'refused') return <Failure title={state.title} cure={state.cure} detail={state.detail} />
  if (state?.kind === 'published') {
    return (
      <AppLink href={`/track/${state.track}`} className={css['ready']}>
        In the library
      </AppLink>
    )
  }
  return <>Received; being prepared</>
}

const Failure = ({ title, cure, detail }: { title: string; cure: string; detail?: string | undefined }) => (
  <span className={css['failure']}>
    <strong>{title}.</strong> {cure}
    {detail === undefined ? undefined : <span className={css['detail']}> {detail}</span>}
  </span>
)
