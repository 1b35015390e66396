import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import css from './search-box.module.css'

export const searchBoxId = 'search-box'

/** The one search field. What is typed stands in the address, so that it can be shared and gone back to. */
export const SearchBox = () => {
  const [path, navigate] = useLocation()
  const [params] = useSearchParams()
  const asked = path === '/search' ? (params.get('q') ?? '') : ''
  const [text, setText] = useState(asked)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (field.current !== document.activeElement || asked === '') setText(asked)
  }, [asked])
  const change = (next: string) => {
    setText(next)
    const isThere = path === '/search'
    if (next.trim() === '' && !isThere) return
    navigate(next.trim() === '' ? '/search' : `/search?q=${encodeURIComponent(next.trim())}`, { replace: isThere })
  }
  return (
    <form role="search" className={css['box']} onSubmit={(event) => event.preventDefault()}>
      <label htmlFor={searchBoxId} className={css['icon']}>
        <Icon of={Search} size={18} />
      </label>
      <input ref={field} id={searchBoxId} type="search" aria-label="Search" placeholder="Search tracks, releases, artists" autoComplete="off" spellCheck={false} enterKeyHint="search" maxLength={200} value={text} onChange={(event) => change(event.target.value)} aria-keyshortcuts="/" />
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
