import { useState, type SubmitEvent } from 'react'
import type { AddOutcome, FindOutcome, NewDevice } from '../../engine/account/pairing/add-device.ts'
import { cureOfProblem } from '../../engine/failures/failure-table.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Notice } from '../controls/notice.tsx'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { QrScanner } from './qr-scanner.tsx'
import css from './account-dialog.module.css'

type Props = { typed: string; onAdded: () => void; onClose: () => void }

/** On a device of the account: finds the new device by its code, and adds it when the person says so. */
export const AddDeviceDialog = ({ typed, onAdded, onClose }: Props) => {
  const [device, setDevice] = useState<NewDevice>()
  return (
    <Dialog label="Add a device" shape="center" onClose={onClose}>
      <div className={css['dialog']}>
        {device === undefined ? (
          <FindStep typed={typed} onFound={setDevice} onClose={onClose} />
        ) : (
          <ConfirmStep device={device} onAdded={onAdded} onClose={onClose} />
        )}
      </div>
    </Dialog>
  )
}

type Failure = { readonly title: string; readonly text: string }

const failureOfFinding = (found: Exclude<FindOutcome, { kind: 'found' }>): Failure => {
  switch (found.kind) {
    case 'no-code':
      return { title: 'This is no code', text: 'A code has 16 letters and digits, as the new device shows them.' }
    case 'altered':
      return {
        title: 'The code does not fit what the new device sent',
        text: 'Begin again on the new device. If it stays, do not trust this network or server.',
      }
    case 'offline':
      return { title: 'The server does not answer', text: 'Both devices need it for a moment.' }
    case 'problem':
      return { title: found.title, text: cureOfProblem(found.code, found.detail) }
  }
}

type FindProps = { typed: string; onFound: (device: NewDevice) => void; onClose: () => void }

const FindStep = ({ typed, onFound, onClose }: FindProps) => {
  const { loadMembership, log } = useServices()
  const [code, setCode] = useState(typed)
  const [isScanning, setScanning] = useState(false)
  const [isWaiting, setWaiting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const find = async (text: string) => {
    setWaiting(true)
    setFailure(undefined)
    const found = await loadMembership()
      .then((membership) => membership.find(text, AbortSignal.timeout(30_000)))
      .catch(log.child('ui').failed('the new device was not found'))
    setWaiting(false)
    if (found?.kind === 'found') onFound(found.device)
    else setFailure(failureOfFinding(found ?? { kind: 'offline' }))
  }
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    void find(code)
  }
  const onScanned = (text: string) => {
    setScanning(false)
    setCode(text.slice(text.lastIndexOf('=') + 1))
    void find(text)
  }
  return (
    <form className={css['form']} onSubmit={onSubmit}>
      <h2 className={css['title']}>Add a device</h2>
      <p>
        On the new device, open this address, then Settings, Devices,{' '}
        <strong>Use my account from another device</strong>. It shows a code.
      </p>
      {isScanning ? <QrScanner onText={onScanned} /> : undefined}
      <label className={css['label']}>
        Code
        <input
          className={css['field']}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          placeholder="XXXX-XXXX-XXXX-XXXX"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
        />
      </label>
      {failure === undefined ? undefined : (
        <Notice tone="bad" title={failure.title}>
          {failure.text}
        </Notice>
      )}
      <div className={css['actions']}>
        <Button onClick={onClose}>Cancel</Button>
        {isScanning || !('mediaDevices' in navigator) ? undefined : (
          <Button onClick={() => setScanning(true)}>Use the camera</Button>
        )}
        <Button type="submit" look="primary" disabled={isWaiting || code.trim() === ''}>
          Continue
        </Button>
      </div>
    </form>
  )
}

const failureOfAdding = (outcome: Exclude<AddOutcome, { kind: 'added' }>): Failure => {
  switch (outcome.kind) {
    case 'full':
      return {
        title: 'This account has five devices',
        text: 'Remove one that you do not use any more, then try again.',
      }
    case 'unconfirmed':
      return {
        title: 'The relay has not confirmed it',
        text: 'An account needs a right on this server, and the connection to its relay, to get another device. Try again.',
      }
    case 'impossible':
      return { title: 'This device may not add others', text: 'It does not belong to the account any more.' }
    case 'unavailable':
      return { title: 'This browser keeps no documents now', text: 'Load the page again, then try again.' }
    case 'offline':
      return { title: 'The server does not answer', text: 'Try again: the new device waits for ten minutes.' }
    case 'problem':
      return { title: outcome.title, text: cureOfProblem(outcome.code, outcome.detail) }
  }
}

type ConfirmProps = { device: NewDevice; onAdded: () => void; onClose: () => void }

const ConfirmStep = ({ device, onAdded, onClose }: ConfirmProps) => {
  const { log } = useServices()
  const { toasts } = useUiState()
  const [isWaiting, setWaiting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const add = async () => {
    setWaiting(true)
    setFailure(undefined)
    const outcome = await device
      .add(AbortSignal.timeout(60_000))
      .catch(log.child('ui').failed('the device was not added'))
    setWaiting(false)
    if (outcome?.kind !== 'added') return void setFailure(failureOfAdding(outcome ?? { kind: 'unavailable' }))
    toasts.show(`Added ${device.name}.`)
    onAdded()
    onClose()
  }
  const decline = () => {
    device.decline(AbortSignal.timeout(30_000)).catch(log.child('ui').failed('the new device was not told'))
    onClose()
  }
  return (
    <>
      <h2 className={css['title']}>Add this device?</h2>
      <p>
        <strong>
          <bdi>{device.name}</bdi>
        </strong>{' '}
        wants to use your account.
      </p>
      <ul className={css['list']}>
        <li>It reads and changes everything in your account, and has its rights on this server.</li>
        <li>It can add and remove devices, this one too.</li>
        <li>Add it only if it is yours and the code came from its screen: not from a message or a call.</li>
      </ul>
      {failure === undefined ? undefined : (
        <Notice tone="bad" title={failure.title}>
          {failure.text}
        </Notice>
      )}
      <div className={css['actions']}>
        <Button onClick={decline} disabled={isWaiting}>
          Do not add
        </Button>
        <Button look="primary" disabled={isWaiting} onClick={() => void add()}>
          {isWaiting ? 'Adding…' : 'Add this device'}
        </Button>
      </div>
    </>
  )
}
