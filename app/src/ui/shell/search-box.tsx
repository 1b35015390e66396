import { Search, X } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, type KeyboardEvent } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { searchHref, cleanText, mostCharacters, parseSearchParams } from '../search/search-address.ts'
import { delay } from '../state/delay.ts'
import { searchFieldId } from '../state/search-field.ts'
import { useReadable } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import css from './search-box.module.css'

/** The one search field. Results follow every keystroke; the address, for sharing and going back, follows when the typing pauses. */
export const SearchBox = () => {
  const { text, change, write, enter } = useSearchText()
  const field = useRef<HTMLInputElement>(null)
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !hasModifier(event)) {
      // On a touch screen this key closes the keyboard, so that the results are visible.
      if (matchMedia('(pointer: coarse)').matches) event.currentTarget.blur()
      else enter()
    }
    if (event.key !== 'Escape') return
    if (text === '') return void event.currentTarget.blur()
    event.preventDefault()
    change('')
  }
  return (
    <form role="search" className={css['box']} onSubmit={(event) => event.preventDefault()}>
      <label htmlFor={searchFieldId} className={css['icon']}>
        <Icon of={Search} size={18} />
      </label>
      <input
        ref={field}
        id={searchFieldId}
        type="search"
        aria-label="Search"
        placeholder="Search tracks, releases, artists"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        maxLength={mostCharacters}
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => write()}
        aria-keyshortcuts="/ Control+K Meta+K"
      />
      {text === '' ? (
        <kbd className={css['hint']} aria-hidden="true">
          /
        </kbd>
      ) : (
        <IconButton
          label="Clear search"
          icon={X}
          look="small"
          className={css['clear']}
          onClick={() => {
            change('')
            field.current?.focus()
          }}
        />
      )}
    </form>
  )
}

const hasModifier = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey || event.altKey || event.shiftKey

// Browsers refuse addresses that change much faster than this (Safari: 100 in 30 seconds).
const addressRestMs = 350

const useSearchText = () => {
  const { searchText, searchEntered } = useUiState()
  const text = useReadable(searchText)
  const [path, navigate] = useLocation()
  const [params] = useSearchParams()
  const isHere = path === '/search'
  const addressText = useMemo(() => (isHere ? parseSearchParams(params).text : ''), [isHere, params])
  const written = useRef<string>(undefined)
  const pendingWrite = useRef<AbortController>(undefined)
  // A text that came by a link, by going back or by leaving the page goes into the field; a text that came from the field is there already.
  useLayoutEffect(() => {
    if (addressText === written.current) return
    pendingWrite.current?.abort()
    written.current = addressText
    if (cleanText(searchText.get()) !== addressText) searchText.set(addressText)
  }, [addressText, searchText])
  useEffect(() => () => pendingWrite.current?.abort(), [])
  const write = () => {
    pendingWrite.current?.abort()
    const next = cleanText(searchText.get())
    if (next === written.current || (next === '' && !isHere)) return
    written.current = next
    // Read now, not at the last render: a filter may have changed the address since.
    const current = parseSearchParams(new URLSearchParams(isHere ? location.search : ''))
    navigate(searchHref({ ...current, text: next }), { replace: isHere })
  }
  const change = (next: string) => {
    searchText.set(next)
    pendingWrite.current?.abort()
    if (!isHere || cleanText(next) === '') return void write()
    const controller = new AbortController()
    pendingWrite.current = controller
    void delay(addressRestMs, controller.signal).then(() => controller.signal.aborted || write())
  }
  const enter = () => {
    write()
    const entered = cleanText(searchText.get())
    if (entered !== '') searchEntered.set({ text: entered })
  }
  return { text, change, write, enter }
}
