import { useState } from 'react'
import type { PeopleResult } from '../../engine/people/people.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { peopleFailureText } from './people-texts.ts'

/** Runs changes of people one at a time, and says in a toast what became of each. `isBusy`: the relay is asked. */
export const useChangePeople = (): {
  readonly isBusy: boolean
  readonly run: (change: Promise<PeopleResult>, text: string, onDone?: () => void) => void
} => {
  const { log } = useServices()
  const { toasts } = useUiState()
  const [isBusy, setBusy] = useState(false)
  const change = async (...[changed, text, onDone]: Parameters<ReturnType<typeof useChangePeople>['run']>) => {
    setBusy(true)
    const result = await changed.finally(() => setBusy(false))
    toasts.show(result.kind === 'done' ? text : peopleFailureText(result))
    if (result.kind === 'done') onDone?.()
  }
  return {
    isBusy,
    run: (...args) => void change(...args).catch(log.child('ui').failed('the people of a playlist were not changed')),
  }
}
