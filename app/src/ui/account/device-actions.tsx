import { lazy, Suspense, useState } from 'react'
import { Button } from '../controls/button.tsx'
import css from './account-dialog.module.css'

const AddDeviceDialog = lazy(() =>
  import('./add-device-dialog.tsx').then(({ AddDeviceDialog }) => ({ default: AddDeviceDialog })),
)
const UseMyAccountDialog = lazy(() =>
  import('./use-my-account-dialog.tsx').then(({ UseMyAccountDialog }) => ({ default: UseMyAccountDialog })),
)

type Asked = { readonly kind: 'add'; readonly typed: string } | { readonly kind: 'join' } | undefined

/** What the fragment of the address asks for: the picture of a code is a link to it. It does not stay in the address. */
const askedByAddress = (): Asked => {
  const { hash } = location
  if (hash !== '#join' && !hash.startsWith('#add=')) return undefined
  history.replaceState(history.state, '', location.pathname)
  return hash === '#join' ? { kind: 'join' } : { kind: 'add', typed: hash.slice('#add='.length) }
}

/** Adds a device to the account, or this device to another account. */
export const DeviceActions = ({ onAdded }: { onAdded: () => void }) => {
  const [asked, setAsked] = useState<Asked>(askedByAddress)
  const close = () => setAsked(undefined)
  return (
    <>
      <div className={css['buttons']}>
        <Button onClick={() => setAsked({ kind: 'add', typed: '' })}>Add a device</Button>
        <Button onClick={() => setAsked({ kind: 'join' })}>Use my account from another device</Button>
      </div>
      <Suspense>
        {asked?.kind === 'add' ? (
          <AddDeviceDialog typed={asked.typed} onAdded={onAdded} onClose={close} />
        ) : asked?.kind === 'join' ? (
          <UseMyAccountDialog onClose={close} />
        ) : undefined}
      </Suspense>
    </>
  )
}
