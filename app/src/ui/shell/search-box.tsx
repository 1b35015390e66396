import { Search, X } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { addressOf, cleanText, mostCharacters, questionOf } from '../search/search-address.ts'
import { delay } from '../state/delay.ts'
import { useReadable } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import css from './search-box.module.css'

export const searchBoxId = 'search-box'

/** The one search field. Results follow every letter; the address, so that it can be shared and gone back to, when the typing rests. */
export const SearchBox = () => {
  const { text, change, write, enter } = useSearchText()
  const field = useRef<HTMLInputElement>(null)
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !hasModifier(event)) {
      // On a touch screen this key puts the keyboard away, to see what was found.
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
      <label htmlFor={searchBoxId} className={css['icon']}>
        <Icon of={Search} size={18} />
      </label>
      <input
        ref={field}
        id={searchBoxId}
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
        onKeyDown={press}
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
  const asked = isHere ? questionOf(params).text : ''
  const written = useRef<string>(undefined)
  const waiting = useRef<AbortController>(undefined)
  // What came by a link, by going back or by leaving stands in the field; what came from the field does already.
  useLayoutEffect(() => {
    if (asked === written.current) return
    waiting.current?.abort()
    written.current = asked
    if (cleanText(searchText.get()) !== asked) searchText.set(asked)
  }, [asked, searchText])
  useEffect(() => () => waiting.current?.abort(), [])
  const write = () => {
    waiting.current?.abort()
    const next = cleanText(searchText.get())
    if (next === written.current || (next === '' && !isHere)) return
    written.current = next
    navigate(addressOf({ ...questionOf(new URLSearchParams(isHere ? location.search : '')), text: next }), {
      replace: isHere,
    })
  }
  const change = (next: string) => {
    searchText.set(next)
    waiting.current?.abort()
    if (!isHere || cleanText(next) === '') return void write()
    const controller = new AbortController()
    waiting.current = controller
    void delay(addressRestMs, controller.signal).then(() => controller.signal.aborted || write())
  }
  const enter = () => {
    write()
    const entered = cleanText(searchText.get())
    if (entered !== '') searchEntered.set({ text: entered })
  }
  return { text, change, write, enter }
}
