import { useEffect, useEffectEvent, useRef } from 'react'
import { flushSync } from 'react-dom'
import { useLocation } from 'wouter'
import { nextRepeat } from '../player/transport.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { searchField } from '../state/search-field.ts'
import { useSavedToggle } from '../tracks/use-saving.ts'
import { commandOf, type Command, type Focus } from './shortcuts.ts'

const secondKeyMs = 1_200
const seekMs = 10_000

/** Listens on the document. A key that a slider, grid, menu or dialog has handled is ignored. */
export const useShortcuts = (): void => {
  const { settings } = useServices()
  const { hasShortcuts } = useReadable(settings.view)
  const { overlay, isQueueOpen } = useUiState()
  const run = useCommands()
  const gAt = useRef(-Infinity)
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || overlay.get() === 'shortcuts') return
    if (event.key === 'Escape') isQueueOpen.set(false)
    const focus = focusOf(event.target)
    const second = event.timeStamp - gAt.current < secondKeyMs
    const isMod = event.metaKey || event.ctrlKey
    gAt.current = event.key.toLowerCase() === 'g' && !isMod && focus !== 'text' ? event.timeStamp : -Infinity
    const command = commandOf(
      { key: event.key, isMod, isShift: event.shiftKey, isAlt: event.altKey },
      { focus, hasSingleKeys: hasShortcuts, second },
    )
    if (command === undefined || (event.repeat && !command.startsWith('seek'))) return
    event.preventDefault()
    run(command)
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

const useCommands = () => {
  const { player } = useServices()
  const { overlay, isQueueOpen } = useUiState()
  const saved = useSavedToggle()
  const [path, navigate] = useLocation()
  const commands: Readonly<Record<Command, () => void>> = {
    toggle: () => player.toggle(),
    next: () => player.next(),
    previous: () => player.previous(),
    'seek-back': () => player.seek(player.positionMs() - seekMs),
    'seek-forward': () => player.seek(player.positionMs() + seekMs),
    mute: () => player.setMuted(!player.view.get().isMuted),
    shuffle: () => player.setShuffle(!player.view.get().queue.isShuffled),
    repeat: () => player.setRepeat(nextRepeat[player.view.get().queue.repeat]),
    save: () => {
      const { current } = player.view.get()
      if (current !== undefined && saved.isAvailable) saved.toggle({ section: 'tracks', track: current })
    },
    queue: () => isQueueOpen.change((isOpen) => !isOpen),
    'now-playing': () =>
      overlay.change((before) =>
        before === 'now-playing' || player.view.get().current === undefined ? 'none' : 'now-playing',
      ),
    // Rendered at once, so that the next keystroke goes into the field. On a phone only the search page has the field.
    search: () => {
      flushSync(() => {
        overlay.set('none')
        if (path !== '/search' && searchField()?.checkVisibility() !== true) navigate('/search')
      })
      const field = searchField()
      field?.focus()
      if (field instanceof HTMLInputElement) field.select()
    },
    shortcuts: () => overlay.set('shortcuts'),
    'go-home': () => navigate('/'),
    'go-library': () => navigate('/library/releases'),
    'go-settings': () => navigate('/settings'),
  }
  return (command: Command) => commands[command]()
}

const focusOf = (target: EventTarget | null): Focus => {
  if (!(target instanceof HTMLElement) || target === document.body) return 'page'
  if (
    target.isContentEditable ||
    target.closest('input:not([type=range], [type=checkbox], [type=radio]), textarea, select') !== null
  )
    return 'text'
  return target.closest('a, button, input, summary, [role=grid], [role=menu]') === null ? 'page' : 'control'
}
