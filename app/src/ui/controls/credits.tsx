import type { ReactNode } from 'react'
import type { Mark } from '../../engine/search/search.ts'
import { marksWithin } from './marked-parts.ts'
import { AppLink } from './app-link.tsx'
import { creditText, type CreditLine } from '../state/credit-text.ts'
import { MarkedText } from './marked-text.tsx'

/** The names as the release prints them, each a link unless its artist is not known, with their joining words. Marks are offsets in the text of the whole line. */
export const Credits = ({
  credits,
  marks = [],
  tabIndex,
  className,
}: {
  credits: CreditLine
  marks?: readonly Mark[] | undefined
  tabIndex?: number
  className?: string | undefined
}) => (
  <span className={className}>
    {credits.map((credit, index) => (
      <span key={`${credit.id}${index}`}>
        <ArtistLink id={credit.id} tabIndex={tabIndex}>
          <MarkedText
            text={credit.name}
            marks={marksWithin(marks, creditText(credits.slice(0, index)).length, credit.name.length)}
          />
        </ArtistLink>
        {credit.join}
      </span>
    ))}
  </span>
)

/** Documents remember the names of artists without their ids: these are no links. */
const ArtistLink = ({ id, tabIndex, children }: { id: string; tabIndex: number | undefined; children: ReactNode }) =>
  id === '' ? (
    children
  ) : (
    <AppLink href={`/artist/${id}`} {...(tabIndex === undefined ? {} : { tabIndex })}>
      {children}
    </AppLink>
  )
