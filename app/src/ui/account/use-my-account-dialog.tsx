import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Notice } from '../controls/notice.tsx'
import { cureOfProblem } from '../../engine/failures/failure-table.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { QrPicture } from './qr-picture.tsx'
import { useWithMembership } from './use-membership.ts'
import css from './account-dialog.module.css'

type Step =
  | { readonly kind: 'starting' }
  | { readonly kind: 'shown'; readonly code: string }
  | { readonly kind: 'added'; readonly by: string }
  | { readonly kind: 'ended'; readonly title: string; readonly text: string }

const title = 'Use my account from another device'

/** On a new device: says what happens, then shows a code until another device has added this one. */
export const UseMyAccountDialog = ({ onClose }: { onClose: () => void }) => {
  const [attempt, setAttempt] = useState(0)
  return (
    <Dialog label={title} shape="center" onClose={onClose}>
      <div className={css['dialog']}>
        <h2 className={css['title']}>{title}</h2>
        {attempt === 0 ? (
          <Meaning onBegin={() => setAttempt(1)} onClose={onClose} />
        ) : (
          <Offer key={attempt} onAgain={() => setAttempt((count) => count + 1)} onClose={onClose} />
        )}
      </div>
    </Dialog>
  )
}

const Meaning = ({ onBegin, onClose }: { onBegin: () => void; onClose: () => void }) => {
  const view = useReadable(useServices().account.view)
  const hasRights = view.kind === 'ready' && view.rights.length > 0
  return (
    <>
      <ul className={css['list']}>
        <li>This browser becomes a device of your account: its playlists, saved music and rights are here too.</li>
        <li>Playlists, saved music and history that this browser has kept go along into your account.</li>
        <li>Settings are those of your account. Playlists that others shared with this browser do not go along.</li>
      </ul>
      {hasRights ? (
        <Notice tone="bad" title="This browser has rights of its own here">
          It gives them up: from then on it has those of your account. If nobody else administers this server, add your
          other devices to this one instead.
        </Notice>
      ) : undefined}
      <div className={css['actions']}>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" onClick={onBegin}>
          Show a code
        </Button>
      </div>
    </>
  )
}

const ended = {
  declined: { title: 'The other device said no', text: 'Begin again with a new code if that was a mistake.' },
  expired: { title: 'The code has expired', text: 'A code is kept for ten minutes.' },
  altered: {
    title: 'The answer was not made by a device that knows the code',
    text: 'Nothing was changed here. Begin again; if it stays, do not trust this network or server.',
  },
} as const

const Offer = ({ onAgain, onClose }: { onAgain: () => void; onClose: () => void }) => {
  const [step, setStep] = useState<Step>({ kind: 'starting' })
  const { hasFailed } = useWithMembership(async (membership, signal) => {
    const offered = await membership.offer(signal)
    if (offered.kind === 'offline')
      return void setStep({ kind: 'ended', title: 'The server does not answer', text: 'A code needs the server.' })
    if (offered.kind === 'problem')
      return void setStep({ kind: 'ended', title: offered.title, text: cureOfProblem(offered.code, offered.detail) })
    setStep({ kind: 'shown', code: offered.value.code })
    const outcome = await offered.value.outcome
    if (outcome.kind !== 'added') return void setStep({ kind: 'ended', ...ended[outcome.kind] })
    setStep({ kind: 'added', by: outcome.by })
    await membership.takeOver(outcome)
  })
  if (hasFailed) return <Failed onAgain={onAgain} onClose={onClose} />
  if (step.kind === 'ended')
    return (
      <>
        <Notice tone="bad" title={step.title}>
          {step.text}
        </Notice>
        <Actions onAgain={onAgain} onClose={onClose} />
      </>
    )
  if (step.kind === 'added')
    return (
      <p role="status">
        Added by <bdi>{step.by}</bdi>. This page is loading your account…
      </p>
    )
  return <Code code={step.kind === 'shown' ? step.code : undefined} onClose={onClose} />
}

const Code = ({ code, onClose }: { code: string | undefined; onClose: () => void }) => (
  <>
    <p>
      On a device that uses your account, open Settings, Devices, <strong>Add a device</strong>. Scan this or type it.
    </p>
    {code === undefined ? undefined : (
      <QrPicture text={`${location.origin}/settings#add=${code}`} label="The code as a picture for a camera" />
    )}
    <output className={css['code']} aria-label="Code">
      {code ?? '…'}
    </output>
    <p className={css['muted']}>
      Show it to nobody else: whoever has it in the next ten minutes can make this browser a device of another account.
    </p>
    <div className={css['actions']}>
      <Button onClick={onClose}>Cancel</Button>
    </div>
  </>
)

const Failed = (actions: { onAgain: () => void; onClose: () => void }) => (
  <>
    <Notice tone="bad" title="This did not work">
      The account of this browser was not changed.
    </Notice>
    <Actions {...actions} />
  </>
)

const Actions = ({ onAgain, onClose }: { onAgain: () => void; onClose: () => void }) => (
  <div className={css['actions']}>
    <Button onClick={onClose}>Close</Button>
    <Button look="primary" onClick={onAgain}>
      New code
    </Button>
  </div>
)
