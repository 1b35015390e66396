import { Check, ChevronDown, X } from 'lucide-react'
import { useLocation } from 'wouter'
import type { DocumentKind, SearchResult, SearchQuery } from '../../engine/search/search.ts'
import { Icon } from '../controls/icon.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { kindNames } from './result-text.ts'
import { searchHref, isFiltered, kindOrder } from './search-address.ts'
import { chosenName, lengthChoices, rangeNamed, yearChoices, type RangeChoice } from './range-choices.ts'
import css from './filter-chips.module.css'

/** The filters of a search. They are part of the address, so that going back undoes a choice. */
export const FilterChips = ({ query, result }: { query: SearchQuery; result: SearchResult | undefined }) => {
  const [, navigate] = useLocation()
  const { kind, filters } = query
  const change = (more: Partial<SearchQuery['filters']>) =>
    navigate(searchHref({ ...query, filters: { ...filters, ...more } }))
  const isNarrowed = isFiltered({ ...query, kind: undefined })
  // Artists and playlists have no year, length or quality.
  const canFilter = kind !== 'artist' && kind !== 'playlist'
  return (
    <div role="group" aria-label="Filters" className={css['chips']}>
      {[undefined, ...kindsToShow(query, result)].map((one) => (
        <AppLink
          key={one ?? 'all'}
          href={searchHref({ ...query, kind: one })}
          className={css['chip']}
          aria-current={one === kind ? 'true' : undefined}
        >
          {one === undefined ? 'All' : kindNames[one].many}
        </AppLink>
      ))}
      {kind !== 'playlist' || isNarrowed ? <span className={css['line']} aria-hidden="true" /> : undefined}
      <LibraryChips query={query} onChange={change} />
      {canFilter || filters.years !== undefined ? (
        <RangeChip
          label="Year"
          unset="Any year"
          choices={yearChoices(new Date().getFullYear(), filters.years)}
          value={filters.years}
          onChange={(years) => change({ years })}
        />
      ) : undefined}
      {canFilter || filters.durationMs !== undefined ? (
        <RangeChip
          label="Length"
          unset="Any length"
          choices={lengthChoices(filters.durationMs)}
          value={filters.durationMs}
          onChange={(durationMs) => change({ durationMs })}
        />
      ) : undefined}
      {isNarrowed ? (
        <AppLink href={searchHref({ text: query.text, kind, filters: {} })} className={css['clear']}>
          <Icon of={X} size={16} />
          Clear filters
        </AppLink>
      ) : undefined}
    </div>
  )
}

type LibraryChipsProps = { query: SearchQuery; onChange: (more: Partial<SearchQuery['filters']>) => void }

/** What is saved does not say its quality, so only one of the two can be on. */
const LibraryChips = ({ query: { kind, filters }, onChange }: LibraryChipsProps) => {
  const isInLibrary = filters.isInLibrary === true
  const isLossless = filters.isLossless === true
  const hasQuality = kind !== 'artist' && kind !== 'playlist' && !isInLibrary
  return (
    <>
      {kind === 'playlist' && !isInLibrary ? undefined : (
        <ToggleChip
          name="In library"
          isOn={isInLibrary}
          onToggle={() => onChange({ isInLibrary: isInLibrary ? undefined : true, isLossless: undefined })}
        />
      )}
      {hasQuality || isLossless ? (
        <ToggleChip
          name="Lossless"
          isOn={isLossless}
          onToggle={() => onChange({ isLossless: isLossless ? undefined : true })}
        />
      ) : undefined}
    </>
  )
}

const ToggleChip = ({ name, isOn, onToggle }: { name: string; isOn: boolean; onToggle: () => void }) => (
  <button type="button" className={css['chip']} aria-pressed={isOn} onClick={onToggle}>
    {isOn ? <Icon of={Check} size={16} /> : undefined}
    {name}
  </button>
)

/** The chip for playlists is shown only when there are any. */
const kindsToShow = ({ kind }: SearchQuery, result: SearchResult | undefined): readonly DocumentKind[] =>
  kindOrder.filter((one) => one !== 'playlist' || kind === one || (result?.groups.playlist.hits.length ?? 0) > 0)

type Range = { readonly from: number; readonly to: number }
type RangeChipProps = {
  label: string
  /** The text of the first choice while another one is chosen. */ unset: string
  choices: readonly RangeChoice[]
  value: Range | undefined
  onChange: (range: Range | undefined) => void
}

const RangeChip = ({ label, unset, choices, value, onChange }: RangeChipProps) => (
  <span className={css['select']}>
    <select
      aria-label={label}
      className={css['chip']}
      data-on={value === undefined ? undefined : ''}
      value={chosenName(choices, value)}
      onChange={(event) => onChange(rangeNamed(choices, event.target.value))}
    >
      <option value="">{value === undefined ? label : unset}</option>
      {choices.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
    <Icon of={ChevronDown} size={16} />
  </span>
)
